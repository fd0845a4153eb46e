package dev.bulkhead.agent.journal;

import dev.bulkhead.agent.journal.Journal.Result;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A process that writes a journal, says each durable sequence, and is to be killed at it. */
final class KilledAgent {
    static final long SEED = 11;

    private KilledAgent() {}

    static void main(String[] arguments) {
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        switch (JournalFile.open(Path.of(arguments[0]), 1 << 20)) {
            case JournalFile.Opening.Refused(String why) -> out.println(why);
            case JournalFile.Opening.Opened opened -> {
                long sequence = opened.past().size();
                while (true) {
                    var events = new ExampleEvents(SEED + sequence).some(3);
                    if (!(opened.journal().append(events) instanceof Result.Durable(long last))) {
                        return;
                    }
                    sequence = last;
                    out.println(sequence);
                }
            }
        }
    }
}
