package dev.bulkhead.simulator.lab;

import dev.bulkhead.agent.journal.EntryCodec;
import dev.bulkhead.rules.Event;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The agent as a child process, so that killing it is real. */
final class AgentProcess implements AutoCloseable {
    /** Each of its parts has a limit of its own; these add up to less. */
    private static final Duration STOP_WITHIN = Lab.DRAIN.plusSeconds(25);

    /** Polls and cycles that came too late. */
    record Late(long polls, long cycles) {}

    private final Process process;
    private final Thread listener;
    private final EntryCodec codec = new EntryCodec();
    private volatile Optional<Late> late = Optional.empty();
    private Duration clockAhead;
    private long heard;

    /**
     * Starts it.
     *
     * @param clockAhead how far its host's wall clock is ahead of plant time
     * @param told hears every event, on a thread of this class
     * @param log takes what it says on standard error, after what is in it already
     */
    AgentProcess(
            Path configuration, LabTime time, Duration clockAhead, Path log, Consumer<Event> told)
            throws IOException {
        this.clockAhead = clockAhead;
        process =
                ChildJava.start(
                        ChildJava.Share.FULL,
                        LabAgent.class,
                        List.of("-Xmx256m"),
                        log,
                        List.of(
                                configuration.toString(),
                                time.start().toString(),
                                time.origin().toString(),
                                Integer.toString(time.speed()),
                                clockAhead.toString()));
        listener = Thread.ofPlatform().name("agent-says").start(() -> listen(told));
    }

    private void listen(Consumer<Event> told) {
        try (var lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(LabAgent.EVENT)) {
                    told.accept(codec.read(++heard, line.substring(LabAgent.EVENT.length())));
                } else if (line.startsWith(LabAgent.LATE)) {
                    String[] counts = line.substring(LabAgent.LATE.length()).split(" ", 2);
                    late =
                            Optional.of(
                                    new Late(Long.parseLong(counts[0]), Long.parseLong(counts[1])));
                }
            }
        } catch (IOException _) {
            // The process is gone, and what it had to say with it.
        } catch (EntryCodec.Unreadable bug) {
            throw new IllegalStateException(bug);
        }
    }

    /** Plant time has begun. */
    void begin() throws IOException {
        say(LabAgent.BEGIN);
    }

    /** Its host's wall clock is so far ahead of plant time, from now on if it wasn't before. */
    void setClock(Duration ahead) throws IOException {
        if (!ahead.equals(clockAhead)) {
            clockAhead = ahead;
            say(LabAgent.CLOCK + ahead);
        }
    }

    private void say(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** As kill -9: it gets no chance to do anything more. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
        listener.join();
    }

    /** Lets it stop by itself; says how late it was, if it still could. */
    Optional<Late> stop() throws IOException, InterruptedException {
        process.getOutputStream().close();
        if (!process.waitFor(STOP_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        listener.join();
        return late;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
