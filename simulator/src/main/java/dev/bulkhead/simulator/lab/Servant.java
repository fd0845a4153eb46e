package dev.bulkhead.simulator.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A process that a laboratory needs beside the agent: it says a word when it can be used, and can
 * be killed and started again as it was.
 */
final class Servant implements AutoCloseable {
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

    private final Class<?> main;
    private final List<String> options;
    private final Path log;
    private final List<String> arguments;
    private Process process;

    /** Starts it; it can be used only after {@link #awaitReady}. */
    Servant(Class<?> main, String heap, Path log, List<String> arguments) throws IOException {
        this.main = main;
        this.options = List.of("-Xmx" + heap);
        this.log = log;
        this.arguments = arguments;
        this.process = ChildJava.start(ChildJava.Share.REST, main, options, log, arguments);
    }

    /**
     * Waits until it says so.
     *
     * @throws IOException if it ended instead
     */
    void awaitReady(String word) throws IOException {
        var out =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (Optional<String> line = Optional.ofNullable(out.readLine());
                line.isPresent();
                line = Optional.ofNullable(out.readLine())) {
            if (line.get().equals(word)) {
                return;
            }
        }
        throw new IOException(
                main.getSimpleName() + " ended by itself; its last words are in " + log);
    }

    /** As kill -9. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Starts it again after it was killed. */
    void again() throws IOException {
        process = ChildJava.start(ChildJava.Share.REST, main, options, log, arguments);
    }

    /** Asks it to stop, and makes sure. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(STOP_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (IOException _) {
            process.destroyForcibly();
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
