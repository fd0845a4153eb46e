package dev.bulkhead.agent;

import dev.bulkhead.agent.journal.EntryCodec;
import dev.bulkhead.agent.journal.EntryText;
import dev.bulkhead.agent.journal.JournalFile;
import dev.bulkhead.rules.Event;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bulkhead journal}: what was seen, decided and done. */
@Command(
        name = "journal",
        description = "Reads an agent's journal.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class JournalCommand {
    private final Terminal terminal;

    JournalCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(
            name = "show",
            description = {
                "Prints every entry: time, kind, room, text. Also while an agent writes it.",
                "Exit 1 if the journal was not written to its end or is damaged."
            },
            mixinStandardHelpOptions = true)
    int show(
            @Parameters(paramLabel = "FILE", description = "A journal.") Path file,
            @Option(names = "--json", description = "One line of JSON each.") boolean isJson) {
        if (!Files.isRegularFile(file)) {
            throw new WrongUsage("There is no file '" + file + "'.");
        }
        JournalFile.Contents contents = JournalFile.read(file);
        var codec = new EntryCodec();
        for (Event event : contents.events()) {
            terminal.say(isJson ? codec.write(event) : EntryText.line(event));
        }
        contents.findings().forEach(finding -> terminal.complain(file + ": " + finding));
        return contents.findings().isEmpty() ? Terminal.DONE : Terminal.BAD;
    }
}
