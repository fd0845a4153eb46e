package dev.bulkhead.agent.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolFolderTest {
    @TempDir private Path path;
    private SpoolFolder folder = new SpoolFolder.OnDisk(Path.of("."));

    @BeforeEach
    void open() {
        folder = new SpoolFolder.OnDisk(path);
    }

    private String text() throws IOException {
        return folder.text("ledger.json").orElseThrow().strip();
    }

    @Test
    void aTextTakesThePlaceOfAnotherWhetherItIsLongerOrShorter() throws IOException {
        for (String text : Set.of("one", "a longer one ".repeat(10_000).strip(), "")) {
            folder.replace("ledger.json", text);
            assertEquals(text, text());
        }
    }

    /** If other programs have filled the disk, what was dropped must still be written down. */
    @Test
    void afterTheFirstTwoNoNewFileIsNeeded() throws IOException {
        folder.replace("ledger.json", "1");
        folder.replace("ledger.json", "2");
        long size = size();
        var files = new HashSet<Object>();
        for (int i = 3; i < 9; i++) {
            folder.replace("ledger.json", "" + i);
            files.add(Files.getAttribute(path.resolve("ledger.json"), "unix:ino"));
            assertEquals("" + i, text());
            assertEquals(size, size());
        }
        assertEquals(2, files.size());
    }

    private long size() throws IOException {
        long size = 0;
        for (String name : folder.names()) {
            size += Files.size(path.resolve(name));
        }
        return size;
    }

    /** Of a process that was killed between the two. */
    @Test
    void whatAKillLeftBetweenTwoFilesIsNoObstacle() throws IOException {
        folder.replace("ledger.json", "1");
        Files.createLink(path.resolve("ledger.json.before"), path.resolve("ledger.json"));
        folder.replace("ledger.json", "2");
        assertEquals("2", text());
        Files.move(path.resolve("ledger.json.spare"), path.resolve("ledger.json.before"));
        folder.replace("ledger.json", "3");
        assertEquals("3", text());
    }
}
