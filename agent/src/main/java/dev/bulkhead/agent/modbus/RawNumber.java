package dev.bulkhead.agent.modbus;

import java.math.BigDecimal;

/** What the registers of a number say before it is scaled, or why they say none. */
sealed interface RawNumber {
    /** A number, which need not be one that a double has. */
    sealed interface Known extends RawNumber {
        BigDecimal exact();
    }

    record Whole(long number) implements Known {
        @Override
        public BigDecimal exact() {
            return BigDecimal.valueOf(number);
        }
    }

    record Floating(double number) implements Known {
        @Override
        public BigDecimal exact() {
            return new BigDecimal(number);
        }
    }

    /** Past the largest long. */
    record Large(BigDecimal exact) implements Known {}

    record None(String reason) implements RawNumber {}
}
