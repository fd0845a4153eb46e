package dev.bulkhead.rules.signal;

/** What a measurement says. */
public sealed interface Value {
    /** A finite number in its role's unit. */
    record Quantity(double number) implements Value {
        public Quantity {
            if (!Double.isFinite(number)) {
                throw new IllegalArgumentException("not a measurement: " + number);
            }
        }

        @Override
        public String toString() {
            return Double.toString(number);
        }
    }

    /** Yes or no. */
    record Flag(boolean isSet) implements Value {
        @Override
        public String toString() {
            return Boolean.toString(isSet);
        }
    }

    /** A breaker's position. */
    record At(Position position) implements Value {
        @Override
        public String toString() {
            return position.name();
        }
    }
}
