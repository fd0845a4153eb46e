package dev.bulkhead.agent.bridge;

import com.influxdb.client.InfluxDBClient;
import com.influxdb.client.InfluxDBClientFactory;
import com.influxdb.client.InfluxDBClientOptions;
import com.influxdb.client.domain.WritePrecision;
import com.influxdb.exceptions.InfluxException;
import dev.bulkhead.agent.peer.Reasons;
import dev.bulkhead.agent.peer.Trust;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Response;

/**
 * Writes lines by InfluxDB's own client, one request a call, never again by itself. After a failure
 * the client is made anew, so that a token or certificate that was mended counts at once.
 */
final class StoreClient implements AutoCloseable {
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);

    private static final String RETRY_AFTER = "Retry-After";
    private static final String SECONDS = "[1-9][0-9]{0,4}";

    /** What every store answers that has taken a write. */
    private static final int NO_CONTENT = 204;

    /** What became of a write. */
    sealed interface Result {
        /** The store has every line. */
        record Stored() implements Result {}

        /**
         * The store is there and won't have one or more of these lines; perhaps it has the rest.
         */
        record Refused(String reason) implements Result {}

        /**
         * The store can't be written to now, whatever the lines.
         *
         * @param retryAfter how long it wants to be left alone
         * @param mayBeOfLines it broke over this write, and perhaps over no other
         */
        record Away(String reason, Optional<Duration> retryAfter, boolean mayBeOfLines)
                implements Result {
            Away(String reason, Optional<Duration> retryAfter) {
                this(reason, retryAfter, false);
            }
        }
    }

    private final Store store;
    private Optional<InfluxDBClient> client = Optional.empty();

    StoreClient(Store store) {
        this.store = store;
    }

    Result write(List<String> lines) {
        try {
            client().getWriteApiBlocking()
                    .writeRecord(
                            store.bucket(),
                            store.org().orElse("-"),
                            WritePrecision.NS,
                            String.join("\n", lines));
            return new Result.Stored();
        } catch (InfluxException failed) {
            Result result = result(failed);
            if (result instanceof Result.Away) {
                close();
            }
            return result;
        } catch (IOException | RuntimeException unusable) {
            // A library's own mistakes too: they must not end the bridge.
            close();
            return new Result.Away(Reasons.of(unusable), Optional.empty());
        }
    }

    private Result result(InfluxException failed) {
        int status = failed.status();
        String said = said(failed);
        return switch (status) {
            case 400, 413, 422 -> new Result.Refused(status + " " + said);
            case 401, 403 ->
                    new Result.Away(
                            status + " the token or user is refused: " + said, Optional.empty());
            case 404 ->
                    new Result.Away(
                            status + " there is no bucket '" + store.bucket() + "': " + said,
                            Optional.empty());
            case 0 -> new Result.Away(Reasons.of(failed), Optional.empty());
            default ->
                    new Result.Away(
                            status + " " + said, retryAfter(failed.headers()), status == 500);
        };
    }

    /** Why it won't answer, in one line. */
    static String reason(InfluxException failed) {
        return failed.status() == 0 ? Reasons.of(failed) : failed.status() + " " + said(failed);
    }

    /** The store's own words, in one line. */
    private static String said(InfluxException failed) {
        Object body =
                Optional.ofNullable(failed.errorBody())
                        .map(said -> said.get("error"))
                        .orElse(String.valueOf(failed.getMessage()));
        String text =
                String.valueOf(body)
                        .replaceFirst("^HTTP status code: [0-9]+; Message: ", "")
                        .replaceAll("\\s+", " ")
                        .strip();
        return text.isEmpty() || text.equals("null") ? "without a reason" : text;
    }

    /** Seconds; a date is not worth a parser here: the usual wait is short. */
    private static Optional<Duration> retryAfter(Map<String, String> headers) {
        return headers.entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase(RETRY_AFTER))
                .map(Map.Entry::getValue)
                .filter(value -> value.matches(SECONDS))
                .map(value -> Duration.ofSeconds(Long.parseLong(value)))
                .findFirst();
    }

    InfluxDBClient client() throws IOException {
        if (client.isEmpty()) {
            client = Optional.of(connected());
        }
        return client.get();
    }

    private InfluxDBClient connected() throws IOException {
        var http =
                new OkHttpClient.Builder()
                        .addNetworkInterceptor(StoreClient::withoutOddWait)
                        .addNetworkInterceptor(StoreClient::asAStoreAnswers)
                        .followRedirects(false)
                        .followSslRedirects(false)
                        .connectTimeout(CONNECT_WITHIN)
                        .writeTimeout(store.answer())
                        .readTimeout(store.answer());
        if (store.trust().isPresent()) {
            Trust.Believing believing = store.trust().get().read();
            http.sslSocketFactory(believing.context().getSocketFactory(), believing.manager());
        }
        if (store.kind() == Store.Kind.INFLUXDB1) {
            http.addInterceptor(FirstVersion.of(store));
        }
        var options =
                InfluxDBClientOptions.builder()
                        .url(store.url())
                        .bucket(store.bucket())
                        .org(store.org().orElse("-"))
                        .okHttpClient(http);
        if (store.token().isPresent()) {
            options.authenticateToken(store.token().get().read().toCharArray());
        }
        return InfluxDBClientFactory.create(options.build());
    }

    /** The HTTP client repeats a request by itself where this is 0, and throws where it is huge. */
    private static Response withoutOddWait(Interceptor.Chain chain) throws IOException {
        Response response = chain.proceed(chain.request());
        String wait = response.header(RETRY_AFTER, "1");
        return wait != null && wait.matches(SECONDS)
                ? response
                : response.newBuilder().removeHeader(RETRY_AFTER).build();
    }

    /** A page that is shown with a kind word, as by a proxy that wants a login, stores nothing. */
    private static Response asAStoreAnswers(Interceptor.Chain chain) throws IOException {
        Response response = chain.proceed(chain.request());
        boolean isWrite = chain.request().url().encodedPath().endsWith("/write");
        if (isWrite && response.code() != NO_CONTENT && response.code() < 400) {
            int code = response.code();
            response.close();
            throw new IOException(code + " is no answer of a store to a write");
        }
        return response;
    }

    /** Speaks to InfluxDB 1 by its own write path and its own way to name a user. */
    private record FirstVersion(String database, Optional<String> credentials)
            implements Interceptor {
        static FirstVersion of(Store store) throws IOException {
            Optional<String> credentials = Optional.empty();
            if (store.user().isPresent()) {
                String password = store.password().isPresent() ? store.password().get().read() : "";
                credentials = Optional.of(Credentials.basic(store.user().get(), password));
            }
            return new FirstVersion(store.bucket(), credentials);
        }

        @Override
        public Response intercept(Chain chain) throws IOException {
            HttpUrl url = chain.request().url();
            var request = chain.request().newBuilder();
            if (url.encodedPath().endsWith("/api/v2/write")) {
                String path = url.encodedPath().replaceAll("/api/v2/write$", "/write");
                request.url(
                        url.newBuilder()
                                .encodedPath(path)
                                .query(null)
                                .addQueryParameter("db", database)
                                .addQueryParameter("precision", "ns")
                                .build());
            }
            credentials.ifPresent(known -> request.header("Authorization", known));
            return chain.proceed(request.build());
        }
    }

    @Override
    public void close() {
        client.ifPresent(InfluxDBClient::close);
        client = Optional.empty();
    }
}
