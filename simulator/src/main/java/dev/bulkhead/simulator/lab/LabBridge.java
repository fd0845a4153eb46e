package dev.bulkhead.simulator.lab;

import dev.bulkhead.agent.BridgeFile;
import dev.bulkhead.agent.LastWords;
import dev.bulkhead.agent.bridge.BridgeDriver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * The bridge as a laboratory runs it: a process of its own that says {@code ready} on standard
 * output when it has subscribed, and stops when its standard input ends.
 */
final class LabBridge {
    static final String READY = LabBroker.READY;

    private LabBridge() {}

    /** Argument: bridge.yaml. */
    static void main(String... arguments) throws IOException, InterruptedException {
        LastWords.onAnyBug();
        var bridge =
                new BridgeDriver(
                        BridgeFile.load(Path.of(arguments[0])).orElseThrow(),
                        InstantSource.system(),
                        () -> System.out.println(READY));
        Thread carrying =
                Thread.ofPlatform()
                        .name("bridge")
                        .start(
                                () -> {
                                    try {
                                        bridge.run();
                                    } catch (InterruptedException _) {
                                        Thread.currentThread().interrupt();
                                    }
                                });
        while (System.in.read() >= 0) {
            // Until the laboratory lets go of it.
        }
        bridge.stop();
        carrying.join();
    }
}
