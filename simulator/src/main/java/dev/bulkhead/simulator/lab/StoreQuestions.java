package dev.bulkhead.simulator.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Asks a laboratory's store in its SQL. */
record StoreQuestions(String url) {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);
    private static final JsonMapper MAPPER = new JsonMapper();

    /**
     * The rows of an answer, each an array.
     *
     * @throws IOException if the store can't be reached or doesn't understand
     */
    JsonNode ask(String sql) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer =
                    http.send(
                            HttpRequest.newBuilder(
                                            URI.create(
                                                    url
                                                            + "/exec?query="
                                                            + URLEncoder.encode(
                                                                    sql, StandardCharsets.UTF_8)))
                                    .timeout(ANSWER_WITHIN)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException("the store refuses '" + sql + "': " + answer.body());
            }
            return MAPPER.readTree(answer.body()).path("dataset");
        }
    }
}
