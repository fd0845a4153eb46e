package dev.bulkhead.agent.telemetry;

import dev.bulkhead.agent.disk.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The files of a spool. Tests put a folder in its place whose disk is full or fails. */
interface SpoolFolder {
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
        public List<String> names() throws IOException {
            try (Stream<Path> files = Files.list(folder)) {
                return files.map(file -> file.getFileName().toString()).sorted().toList();
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

        @Override
        public void replace(String name, String text) throws IOException {
            Path draft = folder.resolve(name + ".new");
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            try {
                Files.deleteIfExists(draft);
                try (Disk disk = Disk.OnFile.open(draft)) {
                    disk.write(0, bytes);
                    disk.sync();
                }
                Files.move(
                        draft,
                        folder.resolve(name),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException failed) {
                // Half a draft would only take what little room there is.
                Files.deleteIfExists(draft);
                throw failed;
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
