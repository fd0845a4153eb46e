package dev.bulkhead.simulator;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A real file system that is soon full: a tmpfs, which needs root. */
public final class SmallDisk {
    private SmallDisk() {}

    /** Whether it is there now. */
    public static boolean mount(Path at, String size) throws IOException, InterruptedException {
        return run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", at.toString());
    }

    public static void unmount(Path at) throws IOException, InterruptedException {
        run("umount", at.toString());
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(List.of(command))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }
}
