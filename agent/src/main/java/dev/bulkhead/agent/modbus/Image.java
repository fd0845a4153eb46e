package dev.bulkhead.agent.modbus;

import dev.bulkhead.rules.profile.Profile.Encoding;
import dev.bulkhead.rules.signal.Position;
import java.util.Arrays;

/**
 * Registers (0..65535 each) or bits (0 or 1 each) of one table as one answer had them, from the
 * first one asked for. Never changes.
 */
public final class Image {
    private final int[] values;

    private Image(int[] values) {
        this.values = values;
    }

    public static Image of(int... values) {
        return new Image(values.clone());
    }

    public int size() {
        return values.length;
    }

    public int at(int index) {
        return values[index];
    }

    public boolean isSet(int index, int bit) {
        return (values[index] >> bit & 1) == 1;
    }

    /** What a breaker's auxiliary contacts say: 52a follows its position, 52b opposes it. */
    public Position position(int index, Encoding.Contacts contacts) {
        boolean is52a = isSet(index, contacts.bit52a());
        boolean is52b = isSet(index, contacts.bit52b());
        if (is52a) {
            return is52b ? Position.BAD : Position.CLOSED;
        }
        return is52b ? Position.OPEN : Position.MOVING;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Image that && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return Arrays.toString(values);
    }
}
