package dev.bulkhead.rules.site;

/**
 * A link on which units answer. One gateway is one cause: what it says, it may say wrongly of all.
 */
public record Gateway(GatewayId id, String host, int port) {}
