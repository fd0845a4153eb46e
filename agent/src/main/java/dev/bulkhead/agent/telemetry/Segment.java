package dev.bulkhead.agent.telemetry;

import dev.bulkhead.agent.disk.Disk;
import dev.bulkhead.agent.disk.Frame;
import dev.bulkhead.agent.ledger.Keys;
import dev.bulkhead.agent.ledger.Series;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * One file of the spool: parcels one after the other, each in a frame with its number. A file is
 * named by the number of its first parcel. What is behind {@link #end} counts for nothing and is
 * written over.
 */
final class Segment implements Closeable {
    private static final String SUFFIX = ".spool";

    private final String name;
    private final long first;
    private final Disk disk;
    private long next;
    private long end;
    private final Keys waiting = new Keys();
    private long readable = Long.MAX_VALUE;
    private boolean isGone;

    private Segment(String name, long first, Disk disk) {
        this.name = name;
        this.first = first;
        this.disk = disk;
        this.next = first;
    }

    /** A parcel and where the next one begins. */
    record Found(long number, Parcel parcel, long after) {}

    /** A file that begins with this number. */
    static Segment open(SpoolFolder folder, long first) throws IOException {
        String name = "%020d%s".formatted(first, SUFFIX);
        return new Segment(name, first, folder.open(name));
    }

    /** The number in a file's name, if it is a segment's. */
    static Optional<Long> first(String name) {
        return name.matches("00[0-9]{18}\\" + SUFFIX)
                ? Optional.of(Long.parseLong(name.substring(0, 20)))
                : Optional.empty();
    }

    String name() {
        return name;
    }

    long first() {
        return first;
    }

    /** The number its next parcel will have. */
    long next() {
        return next;
    }

    /** In bytes. */
    long end() {
        return end;
    }

    boolean isEmpty() {
        return next == first;
    }

    /** Those of its parcels that are not acknowledged. */
    Keys waiting() {
        return new Keys(waiting);
    }

    boolean isWaiting() {
        return waiting.count() > 0;
    }

    void isAwaiting(Series of, long sequence) {
        waiting.add(of, sequence);
    }

    void isAwaitingNoMore(Series of, long sequence) {
        waiting.remove(of, sequence);
    }

    /** From this number on nothing can be read any more, nor is anything written behind it. */
    void isReadableTo(long number, Keys lost) {
        readable = number;
        waiting.removeAll(lost);
    }

    boolean isDamaged() {
        return readable < Long.MAX_VALUE;
    }

    /** Whether nothing is left to read at this number or behind it. */
    boolean isReadTo(long number) {
        return isGone || number >= Math.min(next, readable);
    }

    /** Writes a parcel; it is there for other processes and after a kill, not after a power cut. */
    Found append(Parcel parcel) throws IOException {
        byte[] frame = Frame.encode(next, parcel.text());
        disk.write(end, frame);
        end += frame.length;
        waiting.add(parcel.series(), parcel.sequence());
        return new Found(next++, parcel, end);
    }

    /** The parcel that begins at this byte; empty at the end, or where none can be read. */
    Optional<Found> at(long position) throws IOException {
        var header = new byte[Frame.HEADER];
        if (disk.read(position, header) < header.length) {
            return Optional.empty();
        }
        Optional<Integer> length = Frame.length(header);
        if (length.isEmpty()) {
            return Optional.empty();
        }
        var bytes = new byte[length.get()];
        int read = disk.read(position, bytes);
        return Frame.decode(Arrays.copyOf(bytes, read))
                .flatMap(
                        frame ->
                                Parcel.of(frame.payload())
                                        .map(
                                                parcel ->
                                                        new Found(
                                                                frame.sequence(),
                                                                parcel,
                                                                position + frame.length())));
    }

    /** Takes over a parcel found in an older process' file. */
    void found(Found one) {
        end = one.after();
        next = one.number() + 1;
    }

    /** All that was appended outlives a power cut. */
    void sync() throws IOException {
        disk.sync();
    }

    @Override
    public void close() throws IOException {
        disk.close();
    }

    void delete(SpoolFolder folder) throws IOException {
        isGone = true;
        disk.close();
        folder.delete(name);
    }
}
