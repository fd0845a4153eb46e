package dev.bulkhead.simulator;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lines that socat lays between serial ports, which are pseudo-terminals, and TCP. */
final class Socat {
    private static final Pattern LISTENING =
            Pattern.compile("listening on AF=2 127\\.0\\.0\\.1:([0-9]+)");

    private final List<Process> processes = new ArrayList<>();

    /** Joins two ports, which are there from now on. */
    Process join(Path one, Path other) throws IOException, InterruptedException {
        Process line = start(pty(one), pty(other));
        hold(line, one);
        await(line, other);
        return line;
    }

    /** Joins a port, which is there from now on, to what listens on loopback. */
    void joinToTcp(Path one, int port) throws IOException, InterruptedException {
        hold(start(pty(one), "tcp:127.0.0.1:" + port), one);
    }

    /** Lets clients in to a port, which is there from now on, one after the other; where. */
    int listenFor(Path one) throws IOException, InterruptedException {
        Path inside = one.resolveSibling(one.getFileName() + "Inside");
        join(inside, one);
        Process listener =
                processOf(
                                "socat",
                                "-d",
                                "-d",
                                // Else the client before would take answers for half a second.
                                "-t0",
                                "tcp-listen:0,bind=127.0.0.1,fork,max-children=1",
                                inside + ",raw,echo=0")
                        .start();
        processes.add(listener);
        BufferedReader told = listener.errorReader(StandardCharsets.UTF_8);
        for (String next = told.readLine(); next != null; next = told.readLine()) {
            Matcher listening = LISTENING.matcher(next);
            if (listening.find()) {
                return Integer.parseInt(listening.group(1));
            }
        }
        throw new IOException("socat doesn't listen");
    }

    private static String pty(Path end) {
        return "pty,raw,echo=0,link=" + end;
    }

    private Process start(String one, String other) throws IOException {
        Process line = processOf("socat", one, other).inheritIO().start();
        processes.add(line);
        return line;
    }

    private static ProcessBuilder processOf(String... words) {
        return new ProcessBuilder(words);
    }

    /** A pair ends when nobody has its end open; an adapter stays when its port is closed. */
    private void hold(Process line, Path end) throws IOException, InterruptedException {
        await(line, end);
        processes.add(processOf("sleep", "120").redirectInput(end.toFile()).start());
    }

    private static void await(Process line, Path end) throws InterruptedException {
        while (!Files.exists(end)) {
            assertTrue(line.isAlive(), "socat has ended");
            line.waitFor(10, TimeUnit.MILLISECONDS);
        }
    }

    /** Ends all lines. */
    void stop() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }
}
