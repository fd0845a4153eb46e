package dev.bulkhead.agent;

import dev.bulkhead.agent.control.View;
import dev.bulkhead.rules.Command.Acknowledge;
import dev.bulkhead.rules.Command.Reset;
import dev.bulkhead.rules.alarm.AlarmId;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bulkhead alarms}: what is not as it should be. */
@Command(
        name = "alarms",
        description = "Alarms of a running agent.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class AlarmsCommand {
    private final Terminal terminal;
    private final Person person;

    AlarmsCommand(Terminal terminal) {
        this.terminal = terminal;
        this.person = new Person(terminal);
    }

    @Command(
            name = "list",
            description = "Lists every alarm that is not normal.",
            mixinStandardHelpOptions = true)
    int list(
            @Option(
                            names = "--config",
                            required = true,
                            paramLabel = "FILE",
                            description = "The agent.yaml.")
                    Path config) {
        return person.look(config, this::tell);
    }

    private void tell(View view) {
        for (View.Alarm alarm : view.alarms()) {
            terminal.say(
                    String.format(
                            Locale.ROOT,
                            "%-24s %-24s %-8s %s: %s",
                            alarm.since(),
                            alarm.state(),
                            alarm.room(),
                            alarm.alarm(),
                            alarm.text()));
        }
        if (view.alarms().isEmpty()) {
            terminal.say("no alarm");
        }
    }

    @Command(
            name = "ack",
            description = "Says that you have seen an alarm.",
            mixinStandardHelpOptions = true)
    int ack(
            @Parameters(paramLabel = "ID", description = "The alarm, as listed.") String id,
            @Option(
                            names = "--config",
                            required = true,
                            paramLabel = "FILE",
                            description = "The agent.yaml.")
                    Path config,
            @Option(
                            names = "--by",
                            required = true,
                            paramLabel = "NAME",
                            description = "Who you are.")
                    String by,
            @Option(
                            names = "--why",
                            required = true,
                            paramLabel = "TEXT",
                            description = "Your reason, for the record.")
                    String why) {
        return person.order(config, by, why, new Acknowledge(new AlarmId(id)));
    }

    @Command(
            name = "reset",
            description = "Clears a latched alarm whose cause is gone.",
            mixinStandardHelpOptions = true)
    int reset(
            @Parameters(paramLabel = "ID", description = "The alarm, as listed.") String id,
            @Option(
                            names = "--config",
                            required = true,
                            paramLabel = "FILE",
                            description = "The agent.yaml.")
                    Path config,
            @Option(
                            names = "--by",
                            required = true,
                            paramLabel = "NAME",
                            description = "Who you are.")
                    String by,
            @Option(
                            names = "--why",
                            required = true,
                            paramLabel = "TEXT",
                            description = "Your reason, for the record.")
                    String why) {
        return person.order(config, by, why, new Reset(new AlarmId(id)));
    }
}
