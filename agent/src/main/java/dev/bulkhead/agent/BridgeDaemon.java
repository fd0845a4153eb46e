package dev.bulkhead.agent;

import dev.bulkhead.agent.bridge.BridgeDriver;
import dev.bulkhead.agent.bridge.BridgeSettings;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;

/** The bridge on real sockets until it is told to stop. */
final class BridgeDaemon {
    private BridgeDaemon() {}

    /**
     * Runs until SIGTERM or Ctrl-C.
     *
     * @return the exit code
     */
    static int run(BridgeSettings settings) {
        LastWords.onAnyBug();
        var bridge = new BridgeDriver(settings, InstantSource.system(), () -> {});
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    bridge.stop();
                                    awaitAndHalt(stopped);
                                },
                                "stop"));
        try {
            bridge.run();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            stopped.countDown();
        }
        return Terminal.DONE;
    }

    /**
     * The process may end only when the batch in hand is done; to be told to stop is no failure.
     */
    private static void awaitAndHalt(CountDownLatch stopped) {
        try {
            stopped.await();
            LastWords.halt(Terminal.DONE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
