package dev.bulkhead.simulator.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A real file system that is soon full: a tmpfs, which needs root. */
final class SmallDisk {
    private SmallDisk() {}

    /** Whether it is there now. */
    static boolean mount(Path at, String size) throws IOException, InterruptedException {
        return run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", at.toString());
    }

    static void unmount(Path at) throws IOException, InterruptedException {
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
