package dev.bulkhead.agent;

import dev.bulkhead.agent.control.View;
import dev.bulkhead.rules.Command.Acknowledge;
import dev.bulkhead.rules.Command.Reset;
import dev.bulkhead.rules.alarm.AlarmId;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
    int list(@Mixin AgentOption agent) {
        return person.look(agent, this::tell);
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
            @Mixin OrderOptions order) {
        return person.order(order, new Acknowledge(new AlarmId(id)));
    }

    @Command(
            name = "reset",
            description = "Clears a latched alarm whose cause is gone.",
            mixinStandardHelpOptions = true)
    int reset(
            @Parameters(paramLabel = "ID", description = "The alarm, as listed.") String id,
            @Mixin OrderOptions order) {
        return person.order(order, new Reset(new AlarmId(id)));
    }
}
