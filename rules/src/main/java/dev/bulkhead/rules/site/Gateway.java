package dev.bulkhead.rules.site;

/**
 * A link on which units answer. One gateway is one cause: what it says, it may say wrongly of all.
 */
public record Gateway(GatewayId id, Link link, Courtesy courtesy) {
    /** One that is reached over plain Modbus TCP and needs no courtesy. */
    public static Gateway tcp(GatewayId id, String host, int port) {
        return new Gateway(id, new Link.Tcp(host, port), Courtesy.NONE);
    }
}
