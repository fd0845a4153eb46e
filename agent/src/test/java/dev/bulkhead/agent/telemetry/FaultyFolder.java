package dev.bulkhead.agent.telemetry;

import dev.bulkhead.agent.disk.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A folder on a disk that can be full or fail. Its process can be killed: what was written is there
 * for the next one. The power can be cut: then of what was written since the last sync any sectors
 * are there. That a file was made, deleted or replaced outlives both at once.
 */
final class FaultyFolder implements SpoolFolder {
    private static final int SECTOR = 512;

    /** A file's bytes as its process sees them, and those that outlive a power cut. */
    private static final class Content {
        private byte[] seen = new byte[0];
        private byte[] durable = new byte[0];
    }

    private final SortedMap<String, Content> files = new TreeMap<>();
    private long capacity = Long.MAX_VALUE;
    private boolean isFailing;
    private boolean isOver;
    private int replaced;
    private int spare;

    /** All files together can't grow past this many bytes. */
    void fillUpAt(long bytes) {
        capacity = bytes;
    }

    /** Each write and sync fails from now on, a write when half of it is done. */
    void fail() {
        isFailing = true;
    }

    /** There is room again, and nothing fails. */
    void mend() {
        capacity = Long.MAX_VALUE;
        isFailing = false;
    }

    long used() {
        return files.values().stream().mapToLong(file -> file.seen.length).sum();
    }

    /** How often a text has been put in a file's place. */
    int replaced() {
        return replaced;
    }

    /** What the next process finds after this one was killed. */
    FaultyFolder afterKill() {
        isOver = true;
        var next = new FaultyFolder();
        files.forEach((name, content) -> next.put(name, content.seen));
        return next;
    }

    /** What the next process finds after the power came back. */
    FaultyFolder afterPowerCut(SplittableRandom random) {
        isOver = true;
        var next = new FaultyFolder();
        files.forEach((name, content) -> next.put(name, left(content, random)));
        return next;
    }

    private static byte[] left(Content content, SplittableRandom random) {
        byte[] seen = content.seen;
        int size = random.nextBoolean() ? seen.length : content.durable.length;
        byte[] left = Arrays.copyOf(content.durable, Math.max(size, content.durable.length));
        for (int start = 0; start < seen.length; start += SECTOR) {
            int end = Math.min(Math.min(start + SECTOR, seen.length), left.length);
            if (start < end && random.nextBoolean()) {
                System.arraycopy(seen, start, left, start, end - start);
            }
        }
        return left;
    }

    byte[] content(String name) {
        return content(files, name).seen.clone();
    }

    private static Content content(SortedMap<String, Content> files, String name) {
        return Optional.ofNullable(files.get(name)).orElseThrow();
    }

    /** Puts a file there, durable. */
    void put(String name, byte[] bytes) {
        Content content = files.computeIfAbsent(name, _ -> new Content());
        content.seen = bytes.clone();
        content.durable = bytes.clone();
    }

    @Override
    public Closeable lock() {
        return () -> {};
    }

    @Override
    public List<String> names() {
        return List.copyOf(files.keySet());
    }

    @Override
    public Disk open(String name) throws IOException {
        alive();
        return new OneFile(files.computeIfAbsent(name, _ -> new Content()));
    }

    @Override
    public void delete(String name) throws IOException {
        alive();
        files.remove(name);
    }

    @Override
    public void replace(String name, String text) throws IOException {
        alive();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        // It and a spare one are there, and each has the room of the longest so far.
        int longest = Math.max(bytes.length, spare);
        int before = files.containsKey(name) ? content(name).length : 0;
        if (longest - spare + Math.max(0, bytes.length - before) > capacity - used()) {
            throw new IOException("No space left on device");
        }
        if (isFailing) {
            throw new IOException("Input/output error");
        }
        put(name, bytes);
        spare = longest;
        replaced++;
    }

    @Override
    public Optional<String> text(String name) {
        return Optional.ofNullable(files.get(name))
                .map(content -> new String(content.seen, StandardCharsets.UTF_8));
    }

    private void alive() throws IOException {
        if (isOver) {
            throw new IOException("this process is over");
        }
    }

    private final class OneFile implements Disk {
        private final Content content;

        private OneFile(Content content) {
            this.content = content;
        }

        @Override
        public long size() {
            return content.seen.length;
        }

        @Override
        public int read(long position, byte[] into) throws IOException {
            alive();
            int length = (int) Math.max(0, Math.min(into.length, content.seen.length - position));
            System.arraycopy(content.seen, (int) position, into, 0, length);
            return length;
        }

        @Override
        public void write(long position, byte[] bytes) throws IOException {
            alive();
            if (isFailing) {
                put((int) position, Arrays.copyOf(bytes, bytes.length / 2));
                throw new IOException("Input/output error");
            }
            long inside = Math.max(0, content.seen.length - position);
            long room = inside + Math.max(0, capacity - used());
            if (room < bytes.length) {
                put((int) position, Arrays.copyOf(bytes, (int) room));
                throw new IOException("No space left on device");
            }
            put((int) position, bytes);
        }

        private void put(int position, byte[] bytes) {
            byte[] grown =
                    Arrays.copyOf(
                            content.seen, Math.max(content.seen.length, position + bytes.length));
            System.arraycopy(bytes, 0, grown, position, bytes.length);
            content.seen = grown;
        }

        @Override
        public void sync() throws IOException {
            alive();
            if (isFailing) {
                throw new IOException("Input/output error");
            }
            content.durable = content.seen.clone();
        }

        @Override
        public void close() {
            // Nothing to let go of.
        }
    }
}
