package dev.bulkhead.agent.modbus;

import dev.bulkhead.rules.site.Link;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * Looks names of hosts up, with threads of its own. The system's resolver holds whoever asks until
 * a name server answers or is given up, a virtual thread together with its carrier: while no name
 * server answers, a few hundred links by name would stop every other.
 */
final class NameDriver {
    private static final Executor THREADS =
            Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("names-", 0).factory());

    private NameDriver() {}

    /** Where a link goes to. Returns when the resolver does, which an interrupt doesn't change. */
    static InetSocketAddress address(Link.Networked link) throws UnknownHostException {
        var address = resolved(link);
        if (address.isUnresolved()) {
            throw new UnknownHostException(link.host());
        }
        return address;
    }

    private static InetSocketAddress resolved(Link.Networked link) {
        try {
            return new InetSocketAddress(InetAddress.ofLiteral(link.host()), link.port());
        } catch (IllegalArgumentException _) {
            return CompletableFuture.supplyAsync(
                            () -> new InetSocketAddress(link.host(), link.port()), THREADS)
                    .join();
        }
    }
}
