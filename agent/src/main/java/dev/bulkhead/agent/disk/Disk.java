package dev.bulkhead.agent.disk;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** The bytes of one file. Tests put a disk in its place that is full, fails or forgets. */
public interface Disk extends Closeable {
    long size() throws IOException;

    /** Fills the array as far as the file goes; says how far. */
    int read(long position, byte[] into) throws IOException;

    /** Writes all or fails; after a failure any part may have been written. */
    void write(long position, byte[] bytes) throws IOException;

    /** Returns when all that was written is durable. */
    void sync() throws IOException;

    /**
     * A real file. Not a {@link java.nio.channels.FileChannel}: an interrupt closes one for good in
     * the middle of a write, and the journal must outlive an interrupted thread.
     */
    final class OnFile implements Disk {
        private final RandomAccessFile file;

        private OnFile(RandomAccessFile file) {
            this.file = file;
        }

        public static OnFile open(Path path) throws IOException {
            return new OnFile(new RandomAccessFile(path.toFile(), "rw"));
        }

        public static OnFile openToRead(Path path) throws IOException {
            return new OnFile(new RandomAccessFile(path.toFile(), "r"));
        }

        @Override
        public long size() throws IOException {
            return file.length();
        }

        @Override
        public int read(long position, byte[] into) throws IOException {
            file.seek(position);
            int filled = 0;
            while (filled < into.length) {
                int more = file.read(into, filled, into.length - filled);
                if (more < 0) {
                    break;
                }
                filled += more;
            }
            return filled;
        }

        @Override
        public void write(long position, byte[] bytes) throws IOException {
            file.seek(position);
            file.write(bytes);
        }

        @Override
        public void sync() throws IOException {
            file.getFD().sync();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
