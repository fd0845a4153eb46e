package dev.bulkhead.agent.modbus;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/** Some bytes as they stood on the wire. Never changes. */
public final class Bytes {
    public static final Bytes NONE = new Bytes(new byte[0]);

    /** Perhaps of others as well, of which this is a part. */
    private final byte[] bytes;

    private final int begin;
    private final int length;

    private Bytes(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private Bytes(byte[] bytes, int begin, int length) {
        this.bytes = bytes;
        this.begin = begin;
        this.length = length;
    }

    public static Bytes of(byte[] bytes) {
        return new Bytes(bytes.clone());
    }

    public static Bytes of(byte[] bytes, int length) {
        return new Bytes(Arrays.copyOf(bytes, length));
    }

    /** The lowest eight bits of a number. */
    public static Bytes ofByte(int value) {
        return new Bytes(new byte[] {(byte) value});
    }

    /** The lowest sixteen bits of a number, high byte first. */
    public static Bytes ofWord(int value) {
        return ofByte(value >> 8).plus(ofByte(value));
    }

    /** Reads hexadecimal digits; blanks between them don't count. */
    public static Bytes ofHex(String digits) {
        return new Bytes(HexFormat.of().parseHex(digits.replace(" ", "")));
    }

    public int length() {
        return length;
    }

    /** The byte at {@code index}, 0..255. */
    public int at(int index) {
        return bytes[begin + Objects.checkIndex(index, length)] & 0xFF;
    }

    /** The two bytes at {@code index}, high one first, 0..65535. */
    public int word(int index) {
        return at(index) << 8 | at(index + 1);
    }

    public Bytes plus(Bytes more) {
        if (length == 0) {
            return more;
        }
        var all = new byte[length + more.length];
        System.arraycopy(bytes, begin, all, 0, length);
        System.arraycopy(more.bytes, more.begin, all, length, more.length);
        return new Bytes(all);
    }

    public Bytes slice(int from, int to) {
        Objects.checkFromToIndex(from, to, length);
        return new Bytes(bytes, begin + from, to - from);
    }

    /** What stands from {@code index} on; nothing where there is less. */
    public Bytes from(int index) {
        return slice(Math.min(index, length), length);
    }

    public boolean startsWith(Bytes beginning) {
        return beginning.length <= length && slice(0, beginning.length).equals(beginning);
    }

    public byte[] toArray() {
        return Arrays.copyOfRange(bytes, begin, begin + length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that
                && Arrays.equals(
                        bytes,
                        begin,
                        begin + length,
                        that.bytes,
                        that.begin,
                        that.begin + that.length);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(toArray());
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes, begin, begin + length);
    }
}
