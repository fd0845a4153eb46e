package dev.bulkhead.agent.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.journal.JournalFile.Opening;
import dev.bulkhead.rules.Event;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class JournalKillTest {
    @TempDir private Path folder;

    private Path journal() {
        return folder.resolve("journal");
    }

    private Process agent() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledAgent.class.getName(),
                        journal().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Reads so many acknowledgements, kills the process, and gives the last it made. */
    private static long kill(Process agent, int after) throws Exception {
        long last = 0;
        try (BufferedReader lines = agent.inputReader()) {
            for (int read = 0; read < after; read++) {
                last = Long.parseLong(lines.readLine());
            }
            agent.toHandle().destroyForcibly();
            String line = lines.readLine();
            while (line != null) {
                last = Long.parseLong(line);
                line = lines.readLine();
            }
        }
        agent.waitFor();
        return last;
    }

    @Test
    void aKilledAgentsJournalHasAllThatWasAcknowledged() throws Exception {
        long acknowledged = 0;
        for (int run = 1; run <= 3; run++) {
            acknowledged = Math.max(acknowledged, kill(agent(), run * 7));
            var opened =
                    assertInstanceOf(Opening.Opened.class, JournalFile.open(journal(), 1 << 20));
            opened.journal().close();
            assertTrue(opened.damage().isEmpty(), opened.findings()::toString);
            List<Event> past = opened.past();
            assertTrue(past.size() >= acknowledged, past.size() + " of " + acknowledged);
            List<Event> written = new ArrayList<>();
            while (written.size() < past.size()) {
                written.addAll(new ExampleEvents(KilledAgent.SEED + written.size()).some(3));
            }
            assertEquals(written, past);
            acknowledged = past.size();
        }
    }

    @Test
    void aSecondProcessIsRefusedWithTheFirstOnesNumberUntilThatIsKilled() throws Exception {
        Process first = agent();
        try (BufferedReader lines = first.inputReader()) {
            lines.readLine();
            var refused =
                    assertInstanceOf(Opening.Refused.class, JournalFile.open(journal(), 1 << 20));
            assertTrue(
                    refused.why().contains("another agent writes it (process " + first.pid() + ")"),
                    refused.why());
            assertTrue(JournalFile.read(journal()).events().size() >= 3, "but it can be read");
        } finally {
            first.destroyForcibly().waitFor();
        }
        assertInstanceOf(Opening.Opened.class, JournalFile.open(journal(), 1 << 20))
                .journal()
                .close();
    }
}
