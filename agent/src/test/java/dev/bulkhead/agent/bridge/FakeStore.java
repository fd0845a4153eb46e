package dev.bulkhead.agent.bridge;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A store that answers what it is told to, in order, and then that it has stored. */
final class FakeStore implements AutoCloseable {
    record Asked(String target, String authorization, String body) {}

    private record Answer(int status, String body, Map<String, String> headers) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<Answer> answers = new ArrayDeque<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private volatile boolean isMute;
    private volatile String token = "";

    FakeStore() throws IOException {
        this(HttpServer.create());
    }

    FakeStore(HttpServer server) throws IOException {
        this.server = server;
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** The next answer that is not yet given. */
    void answers(int status, String body, Map<String, String> headers) {
        synchronized (answers) {
            answers.add(new Answer(status, body, headers));
        }
    }

    /** Takes only who knows this. */
    void wants(String secret) {
        token = secret;
    }

    /** Takes requests, and never answers. */
    void mute() {
        isMute = true;
    }

    int port() {
        return server.getAddress().getPort();
    }

    List<Asked> asked() {
        return List.copyOf(asked);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String known =
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                        .orElse("");
        asked.add(
                new Asked(
                        exchange.getRequestURI().toString(),
                        known,
                        new String(
                                exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        if (isMute) {
            awaitTheEnd();
        }
        Optional<Answer> next;
        synchronized (answers) {
            next = Optional.ofNullable(answers.poll());
        }
        boolean isKnown = token.isEmpty() || known.equals("Token " + token);
        Answer answer =
                next.orElse(
                        isKnown
                                ? new Answer(204, "", Map.of())
                                : new Answer(
                                        401,
                                        "{\"code\":\"unauthorized\",\"message\":\"unauthorized"
                                                + " access\"}",
                                        Map.of()));
        answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void awaitTheEnd() {
        try {
            over.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        over.countDown();
        server.stop(0);
        threads.close();
    }
}
