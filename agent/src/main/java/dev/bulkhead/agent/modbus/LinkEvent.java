package dev.bulkhead.agent.modbus;

/**
 * What can happen to a link session. After the session asked to disconnect, nothing of that
 * connection may come any more; what comes all the same is never taken for an answer.
 */
public sealed interface LinkEvent {
    /** The connection asked for stands. */
    record Connected() implements LinkEvent {}

    /** The connection asked for can't be made. */
    record ConnectFailed(String reason) implements LinkEvent {}

    /** Some bytes came in; frames may be split over any number of these. */
    record Received(Bytes bytes) implements LinkEvent {}

    /** The connection ended, and not because the session asked for it. */
    record Closed(String reason) implements LinkEvent {}

    /** Time has passed. */
    record Tick() implements LinkEvent {}

    /** Nothing more shall be asked; what is under way may still be answered. */
    record Finish() implements LinkEvent {}

    /** Somebody wants an exchange, before the next poll. */
    record Submit(long ticket, Exchange exchange) implements LinkEvent {}
}
