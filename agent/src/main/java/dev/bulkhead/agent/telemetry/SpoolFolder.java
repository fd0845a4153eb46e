package dev.bulkhead.agent.telemetry;

import dev.bulkhead.agent.disk.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The files of a spool. Tests put a folder in its place whose disk is full or fails. */
interface SpoolFolder {
    /**
     * Makes the folder if there is none and keeps it for this process until it is closed: two
     * agents in one would write over each other's samples.
     */
    Closeable lock() throws IOException;

    /** The names of all files in it. */
    List<String> names() throws IOException;

    /** Opens a file, which is made if there is none. */
    Disk open(String name) throws IOException;

    void delete(String name) throws IOException;

    /** Puts a text in the place of a file's: after a crash it is the one or the other, whole. */
    void replace(String name, String text) throws IOException;

    Optional<String> text(String name) throws IOException;

    /** A real folder. */
    record OnDisk(Path folder) implements SpoolFolder {
        @Override
        public String toString() {
            return folder.toString();
        }

        private static final int STEP_BYTES = 64 << 10;

        @Override
        public Closeable lock() throws IOException {
            Files.createDirectories(folder);
            var channel =
                    FileChannel.open(
                            folder.resolve("lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            try {
                if (channel.tryLock() != null) {
                    return channel;
                }
            } catch (OverlappingFileLockException _) {
                // Of this process; as bad.
            }
            channel.close();
            throw new IOException("another agent uses it");
        }

        @Override
        public List<String> names() throws IOException {
            try (Stream<Path> files = Files.list(folder)) {
                return files.map(file -> file.getFileName().toString()).sorted().toList();
            } catch (UncheckedIOException failed) {
                throw failed.getCause();
            }
        }

        @Override
        public Disk open(String name) throws IOException {
            return Disk.OnFile.open(folder.resolve(name));
        }

        @Override
        public void delete(String name) throws IOException {
            Files.deleteIfExists(folder.resolve(name));
        }

        /**
         * The two files change places, and each is written over in turn, so that on a full disk no
         * room is needed that isn't held already; blanks at the end keep it from growing all the
         * time.
         */
        @Override
        public void replace(String name, String text) throws IOException {
            Path file = folder.resolve(name);
            Path spare = folder.resolve(name + ".spare");
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            try (Disk disk = Disk.OnFile.open(spare)) {
                int needed = (bytes.length / STEP_BYTES + 1) * STEP_BYTES;
                byte[] padded = Arrays.copyOf(bytes, (int) Math.max(needed, disk.size()));
                Arrays.fill(padded, bytes.length, padded.length, (byte) ' ');
                disk.write(0, padded);
                disk.sync();
            }
            exchange(file, spare);
        }

        /** There is a whole file of the name at every moment. */
        private void exchange(Path file, Path spare) throws IOException {
            Path before = file.resolveSibling(file.getFileName() + ".before");
            Files.deleteIfExists(before);
            if (Files.exists(file)) {
                keep(file, before);
            }
            Files.move(
                    spare,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            if (Files.exists(before)) {
                Files.move(before, spare, StandardCopyOption.ATOMIC_MOVE);
            }
        }

        private static void keep(Path file, Path as) throws IOException {
            try {
                Files.createLink(as, file);
            } catch (UnsupportedOperationException | FileSystemException _) {
                // A file system without links: the spare is begun anew each time.
            }
        }

        @Override
        public Optional<String> text(String name) throws IOException {
            try {
                return Optional.of(Files.readString(folder.resolve(name)));
            } catch (NoSuchFileException _) {
                return Optional.empty();
            }
        }
    }
}
