package dev.bulkhead.agent.modbus;

import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Sample;
import java.util.List;

/** What a link session wants done, in this order. */
public sealed interface LinkEffect permits LinkEffect.Wire, LinkEffect.Found, LinkNews {

    /** For the connection. */
    sealed interface Wire extends LinkEffect {}

    /** For those who wait for readings or an answer. */
    sealed interface Found extends LinkEffect {}

    /** Make a connection, and report {@code Connected} or {@code ConnectFailed}. */
    record Connect() implements Wire {}

    /** End the connection, or the attempt to make one, without a report. */
    record Disconnect() implements Wire {}

    /** Send these bytes. */
    record Send(Bytes bytes) implements Wire {}

    /** A poll was answered. */
    record Sampled(Sample sample) implements Found {}

    /** What no poll has brought: signals that have become silent, at most one reading each. */
    record Silenced(List<Observation> observations) implements Found {
        public Silenced {
            observations = List.copyOf(observations);
        }
    }

    /** How a submitted exchange ended. */
    record Answered(long ticket, Answer answer) implements Found {}
}
