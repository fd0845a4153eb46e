package dev.bulkhead.rules.site;

import java.time.Duration;

/**
 * A serial device of this host and how it is set.
 *
 * @param device its file, as in {@code /dev/ttyUSB0}
 * @param baud bits a second
 */
public record SerialLine(String device, int baud, Parity parity, int dataBits, int stopBits) {
    public enum Parity {
        NONE,
        EVEN,
        ODD
    }

    // Faster lines need no shorter one: Modbus over serial line 1.02, section 2.5.1.1.
    private static final int FIXED_SILENCE_ABOVE_BAUD = 19_200;
    private static final Duration FIXED_SILENCE = Duration.ofNanos(1_750_000);

    /** How long this many characters take on the line. */
    public Duration time(double characters) {
        int bits = 1 + dataBits + (parity == Parity.NONE ? 0 : 1) + stopBits;
        return Duration.ofNanos((long) Math.ceil(characters * bits * 1e9 / baud));
    }

    /** How long nobody may talk between two frames. */
    public Duration silence() {
        return baud > FIXED_SILENCE_ABOVE_BAUD ? FIXED_SILENCE : time(3.5);
    }
}
