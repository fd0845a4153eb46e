package dev.bulkhead.agent.modbus;

import java.util.Arrays;
import java.util.HexFormat;

/** Some bytes as they stood on the wire. Never changes. */
public final class Bytes {
    public static final Bytes NONE = new Bytes(new byte[0]);

    private final byte[] bytes;

    private Bytes(byte[] bytes) {
        this.bytes = bytes;
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
        return bytes.length;
    }

    /** The byte at {@code index}, 0..255. */
    public int at(int index) {
        return bytes[index] & 0xFF;
    }

    /** The two bytes at {@code index}, high one first, 0..65535. */
    public int word(int index) {
        return at(index) << 8 | at(index + 1);
    }

    public Bytes plus(Bytes more) {
        byte[] all = Arrays.copyOf(bytes, bytes.length + more.bytes.length);
        System.arraycopy(more.bytes, 0, all, bytes.length, more.bytes.length);
        return new Bytes(all);
    }

    public Bytes slice(int from, int to) {
        return new Bytes(Arrays.copyOfRange(bytes, from, to));
    }

    /** What stands from {@code index} on; nothing where there is less. */
    public Bytes from(int index) {
        return slice(Math.min(index, bytes.length), bytes.length);
    }

    public boolean startsWith(Bytes beginning) {
        return beginning.bytes.length <= bytes.length
                && slice(0, beginning.bytes.length).equals(beginning);
    }

    public byte[] toArray() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
