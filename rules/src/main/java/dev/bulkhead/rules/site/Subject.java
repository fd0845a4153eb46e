package dev.bulkhead.rules.site;

/** What a signal is of. */
public sealed interface Subject {

    /** A whole room. */
    record OfRoom(RoomId room) implements Subject {
        @Override
        public String toString() {
            return "room " + room;
        }
    }

    /** A thing that carries power: the rack of a battery string, a busbar, a UPS. */
    record OfNode(NodeId node) implements Subject {
        @Override
        public String toString() {
            return node.value();
        }
    }

    /** One battery module of a string; {@code number} counts from 1. */
    record OfModule(NodeId string, int number) implements Subject {
        @Override
        public String toString() {
            return string + "/" + number;
        }
    }

    /** One breaker. */
    record OfBreaker(BreakerId breaker) implements Subject {
        @Override
        public String toString() {
            return breaker.value();
        }
    }
}
