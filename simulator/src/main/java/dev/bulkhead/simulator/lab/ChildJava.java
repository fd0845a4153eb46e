package dev.bulkhead.simulator.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts a class of this program as a process of its own, so that killing it is real. */
final class ChildJava {
    /** How much of a busy machine a process may claim. */
    enum Share {
        /** As much as any. */
        FULL(0),
        /** What others leave: nothing in the laboratory waits for it. */
        REST(10);

        private final int niceness;

        Share(int niceness) {
            this.niceness = niceness;
        }
    }

    private ChildJava() {}

    /**
     * Starts it.
     *
     * @param options for Java, as its heap's size
     * @param log takes its standard error, after what is in it already
     */
    static Process start(
            Share share, Class<?> main, List<String> options, Path log, List<String> arguments)
            throws IOException {
        var command = new ArrayList<>(List.of("nice", "-n", Integer.toString(share.niceness)));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        // They share a small machine and live for minutes: better soon than best.
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path")));
        command.addAll(options);
        command.add(main.getName());
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }
}
