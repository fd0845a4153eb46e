package dev.bulkhead.agent.modbus;

import dev.bulkhead.rules.site.Link;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * Does what holds a thread for as long as it takes, with threads of the system: looking a name up
 * while no name server answers, reading a file of a disk that hangs. A virtual thread would take
 * its carrier with it, and a few such links would stop every other.
 */
final class HoldingDriver {
    private static final Executor THREADS =
            Executors.newCachedThreadPool(
                    Thread.ofPlatform().daemon().name("holding-", 0).factory());

    /** What may take long. */
    interface Task<T> {
        T run() throws IOException;
    }

    private HoldingDriver() {}

    /** Returns when the task does, which an interrupt doesn't change. */
    static <T> T run(Task<T> task) throws IOException {
        try {
            return CompletableFuture.supplyAsync(() -> result(task), THREADS).join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof IOException reason) {
                throw reason;
            }
            throw failed;
        }
    }

    private static <T> T result(Task<T> task) {
        try {
            return task.run();
        } catch (IOException reason) {
            throw new CompletionException(reason);
        }
    }

    /** Where a link goes to; of a name with several addresses, to the first. */
    static InetSocketAddress address(Link.Networked link) throws IOException {
        InetSocketAddress address = resolved(link);
        if (address.isUnresolved()) {
            throw new UnknownHostException(link.host());
        }
        return address;
    }

    private static InetSocketAddress resolved(Link.Networked link) throws IOException {
        try {
            return new InetSocketAddress(InetAddress.ofLiteral(link.host()), link.port());
        } catch (IllegalArgumentException _) {
            return run(() -> new InetSocketAddress(link.host(), link.port()));
        }
    }
}
