package dev.bulkhead.agent.peer;

import java.util.Optional;

/**
 * An MQTT broker and how to be known to it.
 *
 * @param url {@code tcp://host:port}, or {@code ssl://host:port} for TLS
 * @param clientId by which the broker keeps what waits for this client; no two may have the same
 * @param trust who may vouch for the broker; empty: whom Java believes
 */
public record Broker(
        String url,
        String clientId,
        Optional<String> user,
        Optional<Secret> password,
        Optional<Trust> trust) {}
