package dev.bulkhead.agent.disk;

import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A disk that can be full, can fail, and forgets: what was written is durable only after a sync; a
 * power cut keeps any of the sectors written since the last one, and loses the others.
 */
public final class FaultyDisk implements Disk {
    private static final int SECTOR = 512;

    private byte[] seen = new byte[0];
    private byte[] durable = new byte[0];
    private int capacity = Integer.MAX_VALUE;
    private int writesLeft = Integer.MAX_VALUE;
    private int syncsLeft = Integer.MAX_VALUE;
    private boolean isPowered = true;

    public FaultyDisk() {}

    /** A disk on which these bytes are durable. */
    public FaultyDisk(byte[] content) {
        seen = content.clone();
        durable = content.clone();
    }

    /** The file can't grow past this many bytes. */
    public void fillUpAt(int bytes) {
        capacity = bytes;
    }

    /** This many writes succeed, then one is cut in half and all fail. */
    public void failAfterWrites(int writes) {
        writesLeft = writes;
    }

    /** This many syncs succeed, then all fail. */
    public void failAfterSyncs(int syncs) {
        syncsLeft = syncs;
    }

    /** There is room again, and nothing fails. */
    public void mend() {
        capacity = Integer.MAX_VALUE;
        writesLeft = Integer.MAX_VALUE;
        syncsLeft = Integer.MAX_VALUE;
    }

    /** What a new process finds after the power came back. */
    public FaultyDisk afterPowerCut(SplittableRandom random) {
        isPowered = false;
        int size = random.nextBoolean() ? seen.length : durable.length;
        byte[] left = Arrays.copyOf(durable, Math.max(size, durable.length));
        for (int start = 0; start < seen.length; start += SECTOR) {
            int end = Math.min(Math.min(start + SECTOR, seen.length), left.length);
            if (start < end && random.nextBoolean()) {
                System.arraycopy(seen, start, left, start, end - start);
            }
        }
        return new FaultyDisk(left);
    }

    public byte[] content() {
        return seen.clone();
    }

    @Override
    public long size() {
        return seen.length;
    }

    @Override
    public int read(long position, byte[] into) {
        int length = (int) Math.max(0, Math.min(into.length, seen.length - position));
        System.arraycopy(seen, (int) position, into, 0, length);
        return length;
    }

    @Override
    public void write(long position, byte[] bytes) throws IOException {
        powered();
        if (writesLeft <= 0) {
            put((int) position, Arrays.copyOf(bytes, bytes.length / 2));
            throw new IOException("Input/output error");
        }
        writesLeft--;
        int room = (int) Math.min(bytes.length, capacity - position);
        if (room < bytes.length) {
            put((int) position, Arrays.copyOf(bytes, Math.max(0, room)));
            throw new IOException("No space left on device");
        }
        put((int) position, bytes);
    }

    private void put(int position, byte[] bytes) {
        if (bytes.length > 0) {
            seen = Arrays.copyOf(seen, Math.max(seen.length, position + bytes.length));
            System.arraycopy(bytes, 0, seen, position, bytes.length);
        }
    }

    @Override
    public void sync() throws IOException {
        powered();
        if (syncsLeft <= 0) {
            throw new IOException("Input/output error");
        }
        syncsLeft--;
        durable = seen.clone();
    }

    private void powered() throws IOException {
        if (!isPowered) {
            throw new IOException("no power");
        }
    }

    @Override
    public void close() {
        // Nothing to let go of.
    }
}
