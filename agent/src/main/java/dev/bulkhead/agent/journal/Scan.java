package dev.bulkhead.agent.journal;

import dev.bulkhead.agent.disk.Disk;
import dev.bulkhead.agent.disk.Frame;
import dev.bulkhead.rules.Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a journal's bytes say.
 *
 * <pre>
 *   header │ frame │ frame │ … │ frame │ torn │ 0000 … 0000 (reserve)
 *                                      end    tail
 * </pre>
 *
 * @param past the events before the end, in order
 * @param end where the next frame goes
 * @param tail where the zeros of the reserve begin; behind {@code end} if a write was cut short
 * @param torn what the cut-short write was, in words
 * @param damage why what follows {@code end} can't be trusted, in words; nothing may be appended
 */
record Scan(List<Event> past, long end, long tail, Optional<String> torn, Optional<String> damage) {

    /** The file's first line. The number is the format; another one is another file. */
    static final String HEADER = "bulkhead-journal 1\n";

    private static final byte[] HEADER_BYTES = HEADER.getBytes(StandardCharsets.US_ASCII);
    private static final String NAME = "bulkhead-journal ";
    private static final int WINDOW = 1 << 20;

    Scan {
        past = List.copyOf(past);
    }

    /** Nothing was ever acknowledged in this file: it may be begun. */
    boolean isBlank() {
        return end == 0 && damage.isEmpty();
    }

    static Scan of(Disk disk) throws IOException {
        byte[] header = read(disk, 0, HEADER_BYTES.length);
        long tail = tail(disk);
        if (!Arrays.equals(header, HEADER_BYTES)) {
            return withoutHeader(header, tail);
        }
        return new Reader(disk, tail).scan();
    }

    private static Scan withoutHeader(byte[] header, long tail) {
        int written = (int) Math.min(tail, HEADER_BYTES.length);
        boolean isBegun =
                tail < HEADER_BYTES.length
                        && Arrays.equals(header, 0, written, HEADER_BYTES, 0, written);
        if (isBegun) {
            return new Scan(List.of(), 0, tail, Optional.empty(), Optional.empty());
        }
        String text = new String(header, StandardCharsets.US_ASCII);
        String why =
                text.startsWith(NAME)
                        ? "its format is "
                                + text.substring(NAME.length()).lines().findFirst().orElse("?")
                                + ", and this program reads format 1"
                        : "it is no journal: it doesn't begin with '" + HEADER.strip() + "'";
        return new Scan(List.of(), 0, tail, Optional.empty(), Optional.of(why));
    }

    /** Where the zeros begin that the file ends with. */
    private static long tail(Disk disk) throws IOException {
        long from = disk.size();
        while (from > 0) {
            long start = Math.max(0, from - WINDOW);
            byte[] window = read(disk, start, (int) (from - start));
            for (int at = window.length - 1; at >= 0; at--) {
                if (window[at] != 0) {
                    return start + at + 1;
                }
            }
            from = start;
        }
        return 0;
    }

    /** As much as is there. */
    private static byte[] read(Disk disk, long position, int length) throws IOException {
        var bytes = new byte[length];
        int filled = disk.read(position, bytes);
        return filled == length ? bytes : Arrays.copyOf(bytes, filled);
    }

    private static final class Reader {
        private final Disk disk;
        private final long tail;
        private final EntryCodec codec = new EntryCodec();
        private final List<Event> past = new ArrayList<>();
        private long position = HEADER_BYTES.length;

        Reader(Disk disk, long tail) {
            this.disk = disk;
            this.tail = tail;
        }

        Scan scan() throws IOException {
            while (position < tail) {
                Optional<Frame> frame = frameAt(position);
                if (frame.isEmpty()) {
                    return explainTail();
                }
                Optional<String> damage = take(frame.get());
                if (damage.isPresent()) {
                    return result(Optional.empty(), damage);
                }
            }
            return result(Optional.empty(), Optional.empty());
        }

        private Scan result(Optional<String> torn, Optional<String> damage) {
            return new Scan(past, position, tail, torn, damage);
        }

        /** Takes a frame's events over, or says why that can't be done. */
        private Optional<String> take(Frame frame) {
            if (frame.sequence() != next()) {
                return Optional.of(
                        "at byte "
                                + position
                                + " comes entry "
                                + frame.sequence()
                                + " where entry "
                                + next()
                                + " was expected");
            }
            try {
                past.addAll(codec.readTogether(next(), frame.payload()));
            } catch (EntryCodec.Unreadable strange) {
                return Optional.of(String.valueOf(strange.getMessage()));
            }
            position += frame.length();
            return Optional.empty();
        }

        private long next() {
            return past.size() + 1L;
        }

        private Optional<Frame> frameAt(long start) throws IOException {
            Optional<Integer> length = Frame.length(read(disk, start, Frame.HEADER));
            return length.isEmpty()
                    ? Optional.empty()
                    : Frame.decode(read(disk, start, length.get()));
        }

        /**
         * What stands at {@code position} is no frame. Either the last write was cut short, and
         * nobody was told that it is durable; or bytes changed that somebody relies on.
         */
        private Scan explainTail() throws IOException {
            String place = "entry " + next() + " at byte " + position;
            Optional<Frame> later = laterFrame();
            if (later.isPresent()) {
                return result(
                        Optional.empty(),
                        Optional.of(
                                place
                                        + " is damaged; what follows, from entry "
                                        + later.get().sequence()
                                        + " on, is not read"));
            }
            if (isWhole()) {
                return result(
                        Optional.empty(),
                        Optional.of(place + " is complete, but its checksum is wrong: damaged"));
            }
            return result(
                    Optional.of(
                            place
                                    + " was cut short by a crash ("
                                    + (tail - position)
                                    + " bytes): nobody was told that it is durable; dropped"),
                    Optional.empty());
        }

        /** A frame that stands anywhere behind the place where one should. */
        private Optional<Frame> laterFrame() throws IOException {
            for (long start = position + 1; start < tail; start += WINDOW) {
                // Two windows overlap by a byte, so that no mark is cut in two.
                byte[] window = read(disk, start, (int) Math.min(WINDOW + 1L, tail - start));
                for (int at = 0; at < window.length; at++) {
                    if (Frame.startsLikeOne(window, at)) {
                        Optional<Frame> frame = frameAt(start + at);
                        if (frame.isPresent()) {
                            return frame;
                        }
                    }
                }
            }
            return Optional.empty();
        }

        /** All bytes of a frame are there: none is still a zero of the reserve. */
        private boolean isWhole() throws IOException {
            long rest = tail - position;
            if (rest > Frame.LONGEST) {
                return true;
            }
            byte[] bytes = read(disk, position, (int) rest);
            for (byte one : bytes) {
                if (one == 0) {
                    return false;
                }
            }
            boolean hasItsLength =
                    Frame.length(bytes).filter(length -> length <= bytes.length).isPresent();
            return hasItsLength || bytes[bytes.length - 1] == '\n';
        }
    }
}
