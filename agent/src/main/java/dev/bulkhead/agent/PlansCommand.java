package dev.bulkhead.agent;

import dev.bulkhead.agent.control.View;
import dev.bulkhead.rules.Command.Approve;
import dev.bulkhead.rules.Command.Resume;
import dev.bulkhead.rules.isolation.PlanId;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code bulkhead plans}: how rooms are being isolated. */
@Command(
        name = "plans",
        description = "Isolation plans of a running agent.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class PlansCommand {
    private final Terminal terminal;
    private final Person person;

    PlansCommand(Terminal terminal) {
        this.terminal = terminal;
        this.person = new Person(terminal);
    }

    @Command(
            name = "list",
            description = "Lists the plans and how far each has come.",
            mixinStandardHelpOptions = true)
    int list(@Mixin AgentOption agent) {
        return person.look(agent, this::tell);
    }

    private void tell(View view) {
        for (View.Plan plan : view.plans()) {
            terminal.say(
                    String.format(
                            Locale.ROOT,
                            "%-8s %-8s %-8s %s, %d breakers: %s",
                            plan.plan(),
                            plan.room(),
                            plan.rung(),
                            plan.phase(),
                            plan.breakers().size(),
                            plan.why()));
        }
        if (view.plans().isEmpty()) {
            terminal.say("no plan");
        }
    }

    @Command(
            name = "approve",
            description = "Lets a plan that waits for approval be carried out.",
            mixinStandardHelpOptions = true)
    int approve(
            @Parameters(paramLabel = "ID", description = "The plan, as listed.") String id,
            @Mixin OrderOptions order) {
        return person.order(order, new Approve(new PlanId(id)));
    }

    @Command(
            name = "resume",
            description =
                    "Lets automatic acts go on that were suspended, once what suspended them is mended.",
            mixinStandardHelpOptions = true)
    int resume(@Mixin OrderOptions order) {
        return person.order(order, new Resume());
    }
}
