package dev.bulkhead.agent;

import dev.bulkhead.rules.site.Link;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Where links lead to: a panel is one, whatever name of its host or serial line a file has. */
final class Places {
    private Places() {}

    /**
     * Whether two links lead to one place, as far as this host can tell: a host may have addresses
     * that no name shows to be one.
     */
    static boolean areOne(Link one, Link other) {
        if (one.place().equalsIgnoreCase(other.place())) {
            return true;
        }
        return switch (one) {
            case Link.Networked here ->
                    other instanceof Link.Networked there
                            && here.port() == there.port()
                            && !Collections.disjoint(
                                    addresses(here.host()), addresses(there.host()));
            case Link.Serial here ->
                    other instanceof Link.Serial there && file(here).equals(file(there));
        };
    }

    private static List<InetAddress> addresses(String host) {
        try {
            return Arrays.asList(InetAddress.getAllByName(host));
        } catch (UnknownHostException _) {
            return List.of();
        }
    }

    /** The device's file, without the links that lead to it. */
    private static Path file(Link.Serial link) {
        Path named = Path.of(link.line().device());
        try {
            return named.toRealPath();
        } catch (IOException _) {
            return named.normalize();
        }
    }
}
