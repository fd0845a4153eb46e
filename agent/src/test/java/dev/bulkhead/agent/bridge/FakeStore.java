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

/**
 * A store that answers what it is told to, in order, and then that it has stored, unless there is
 * something in a write that it breaks over.
 */
final class FakeStore implements AutoCloseable {
    record Asked(String target, String authorization, String body) {}

    private record Break(String over, int status) {}

    private record Answer(int status, String body, Map<String, String> headers) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<Answer> answers = new ArrayDeque<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final List<String> stored = new CopyOnWriteArrayList<>();
    private volatile boolean isMute;
    private volatile Optional<Break> breaks = Optional.empty();
    private volatile CountDownLatch held = new CountDownLatch(0);
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

    /** Answers so to every write that has this in it, and stores nothing of it. */
    void breaksOver(String part, int status) {
        breaks = Optional.of(new Break(part, status));
    }

    void breaksOverNothing() {
        breaks = Optional.empty();
    }

    /** Takes requests, and answers none before this. */
    void waitsFor(CountDownLatch until) {
        held = until;
    }

    /** The lines of all writes it has answered that they are stored. */
    List<String> stored() {
        return List.copyOf(stored);
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
        String lines = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add(new Asked(exchange.getRequestURI().toString(), known, lines));
        await(held);
        if (isMute) {
            await(over);
        }
        Optional<Answer> next;
        synchronized (answers) {
            next = Optional.ofNullable(answers.poll());
        }
        boolean isKnown = token.isEmpty() || known.equals("Token " + token);
        Answer answer =
                next.or(() -> broken(lines))
                        .orElse(
                                isKnown
                                        ? new Answer(204, "", Map.of())
                                        : new Answer(
                                                401,
                                                "{\"code\":\"unauthorized\",\"message\":\"unauthorized"
                                                        + " access\"}",
                                                Map.of()));
        if (answer.status() == 204) {
            lines.lines().forEach(stored::add);
        }
        answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private Optional<Answer> broken(String lines) {
        return breaks.filter(one -> lines.contains(one.over()))
                .map(one -> new Answer(one.status(), "{\"message\":\"broken\"}", Map.of()));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
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
