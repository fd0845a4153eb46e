package dev.bulkhead.simulator.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A real file system that is soon full: a tmpfs, which needs root, or a namespace in which one is.
 */
public final class SmallDisk implements AutoCloseable {
    /** Nobody may mount one here. */
    public static final class Refused extends IOException {
        private static final long serialVersionUID = 1;

        private Refused() {
            super(
                    "no small disk can be mounted here: run it as root, or with 'unshare -rm'"
                            + " before it");
        }
    }

    private static final int BLOCK = 1 << 16;

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /**
     * Makes one.
     *
     * @param size as mount has it, as in {@code 96k}
     * @throws Refused if nobody may
     */
    public static SmallDisk mount(Path folder, String size) throws IOException {
        if (!isDone("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder.toString())) {
            throw new Refused();
        }
        return new SmallDisk(folder);
    }

    /** Leaves no room at all, until {@link #free}. */
    void fill() throws IOException {
        try (var filler =
                Files.newByteChannel(
                        filler(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            var block = ByteBuffer.allocate(BLOCK);
            while (true) {
                filler.write(block.clear());
            }
        } catch (IOException _) {
            // That is what was wanted.
        }
    }

    void free() throws IOException {
        Files.deleteIfExists(filler());
    }

    private Path filler() {
        return folder.resolve("filler");
    }

    /** Takes it away with all that is on it. */
    @Override
    public void close() throws IOException {
        if (!isDone("umount", folder.toString())) {
            throw new IOException("the small disk at " + folder + " can't be unmounted");
        }
    }

    private static boolean isDone(String... command) throws IOException {
        Process process =
                new ProcessBuilder(List.of(command))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        return process.onExit().join().exitValue() == 0;
    }
}
