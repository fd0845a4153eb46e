package dev.bulkhead.agent;

import dev.bulkhead.agent.control.ControlClient;
import dev.bulkhead.agent.control.Reply;
import dev.bulkhead.agent.control.Request;
import dev.bulkhead.agent.control.SignalView;
import dev.bulkhead.agent.control.View;
import dev.bulkhead.rules.Command;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Somebody at the command line, asking a running agent. */
record Person(Terminal terminal) {
    /**
     * An agent that runs shows nothing this old, and its time is the clock's unless that was set.
     */
    private static final Duration APART = Duration.ofSeconds(10);

    /** Shows a part of what the agent sees. */
    int look(AgentOption agent, Consumer<View> show) {
        return ask(
                agent,
                new Request.Look(),
                reply -> {
                    if (reply instanceof Reply.Seen(View view)) {
                        sayAsOf(view.at());
                        show.accept(view);
                    }
                });
    }

    /** Shows signals as the agent heard them last. */
    int lookAtSignals(AgentOption agent, BiConsumer<Instant, List<SignalView>> show) {
        return ask(
                agent,
                new Request.LookAtSignals(),
                reply -> {
                    if (reply instanceof Reply.SeenSignals(Instant at, List<SignalView> signals)) {
                        sayAsOf(at);
                        show.accept(at, signals);
                    }
                });
    }

    private void sayAsOf(Instant at) {
        terminal.say("as of " + at);
        Instant wall = Instant.now();
        if (Duration.between(at, wall).abs().compareTo(APART) > 0) {
            terminal.complain(
                    "This host's clock says "
                            + wall.truncatedTo(ChronoUnit.SECONDS)
                            + ". It was set, or the agent hangs.");
        }
    }

    /** Gives the agent a command. */
    int order(OrderOptions options, Command command) {
        Request.Order order;
        try {
            order = new Request.Order(options.by(), options.why(), command);
        } catch (IllegalArgumentException wrong) {
            throw new WrongUsage("--by, --why: " + wrong.getMessage());
        }
        return ask(options.agent(), order, _ -> {});
    }

    private int ask(AgentOption agent, Request request, Consumer<Reply> show) {
        return terminal.valueOf(AgentFile.control(agent.file()))
                .map(socket -> tell(ControlClient.ask(socket, request), show))
                .orElse(Terminal.CONFIGURATION);
    }

    private int tell(Reply reply, Consumer<Reply> show) {
        return switch (reply) {
            case Reply.Seen _, Reply.SeenSignals _ -> {
                show.accept(reply);
                yield Terminal.DONE;
            }
            case Reply.Accepted(String what) -> {
                terminal.say(what);
                yield Terminal.DONE;
            }
            case Reply.Refused(String why) -> {
                terminal.complain("refused: " + why);
                yield Terminal.BAD;
            }
        };
    }
}
