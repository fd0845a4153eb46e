package dev.bulkhead.agent.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A refused line is given up once it stands here: if it doesn't, it is gone without a trace. */
class DeadLetterTest {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final long QUOTA = 2000;

    @TempDir private Path folder;

    private Path file() {
        return folder.resolve("dead-letter.jsonl");
    }

    private Path older() {
        return folder.resolve("dead-letter.jsonl.1");
    }

    private DeadLetter deadLetter(Path file) {
        return new DeadLetter(file, QUOTA, () -> AT);
    }

    private static List<String> lines(Path file) throws IOException {
        var lines = new ArrayList<String>();
        for (String text : Files.readAllLines(file)) {
            JsonNode json = MAPPER.readTree(text);
            lines.add(json.path("line").asText());
        }
        return lines;
    }

    @Test
    void aLineStandsThereWithItsReasonAndTime() throws IOException {
        DeadLetter deadLetter = deadLetter(file());
        deadLetter.add("room why=\"한글 \\\"x\\\"\" 1", "400 field type\nconflict");
        JsonNode json = MAPPER.readTree(Files.readString(file()));
        assertEquals("room why=\"한글 \\\"x\\\"\" 1", json.path("line").asText());
        assertEquals("400 field type\nconflict", json.path("reason").asText());
        assertEquals("2026-01-01T00:00:00Z", json.path("at").asText());
        assertEquals(1, Files.readAllLines(file()).size());
        assertEquals(1, deadLetter.count());
    }

    @Test
    void theNextProcessAddsToWhatIsThere() throws IOException {
        deadLetter(file()).add("first", "400");
        deadLetter(file()).add("second", "400");
        assertEquals(List.of("first", "second"), lines(file()));
    }

    @Test
    void bothFilesTogetherStayWithinTheQuotaAndTheNewestAreKept() throws IOException {
        DeadLetter deadLetter = deadLetter(file());
        for (int i = 1; i <= 100; i++) {
            deadLetter.add("line " + i, "400 refused");
            long size = Files.size(file()) + (Files.exists(older()) ? Files.size(older()) : 0);
            assertTrue(size <= QUOTA, size + " bytes after " + i);
        }
        List<String> kept = lines(older());
        kept.addAll(lines(file()));
        var newest = new ArrayList<String>();
        for (int i = 100 - kept.size() + 1; i <= 100; i++) {
            newest.add("line " + i);
        }
        assertEquals(newest, kept);
        assertTrue(kept.size() > 10, () -> "" + kept);
        assertEquals(100, deadLetter.count());
    }

    @Test
    void aFolderThatIsMissingIsSaid() {
        DeadLetter deadLetter = deadLetter(folder.resolve("gone/dead-letter.jsonl"));
        assertThrows(IOException.class, () -> deadLetter.add("line", "400"));
        assertEquals(0, deadLetter.count());
    }

    @Test
    void aFileThatCannotBePutAsideIsSaidAndLeftWhole() throws IOException {
        DeadLetter deadLetter = deadLetter(file());
        deadLetter.add("first", "400");
        Files.createDirectories(older().resolve("in the way"));
        String whole = Files.readString(file());
        String large = "x".repeat((int) QUOTA);
        assertThrows(IOException.class, () -> deadLetter.add(large, "400"));
        assertEquals(whole, Files.readString(file()));
        assertEquals(1, deadLetter.count());
    }

    /** The device that is always full. What is said is why, not that nothing could be mended. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskIsSaid() throws IOException {
        Files.createSymbolicLink(file(), Path.of("/dev/full"));
        DeadLetter deadLetter = deadLetter(file());
        var full = assertThrows(IOException.class, () -> deadLetter.add("line", "400"));
        assertEquals("No space left on device", full.getMessage());
        assertEquals(0, deadLetter.count());
    }

    /** A crash in the middle of a line must not make the next one unreadable too. */
    @Test
    void aLineThatWasCutShortDoesNotSpoilTheNext() throws IOException {
        deadLetter(file()).add("first", "400");
        String text = Files.readString(file());
        Files.writeString(file(), text + text.substring(0, text.length() / 2));
        deadLetter(file()).add("second", "400");
        List<String> lines = Files.readAllLines(file());
        assertEquals("second", MAPPER.readTree(lines.getLast()).path("line").asText());
        assertFalse(lines.getLast().isEmpty());
    }
}
