package dev.bulkhead.agent;

import dev.bulkhead.agent.control.ControlClient;
import dev.bulkhead.agent.control.Reply;
import dev.bulkhead.agent.control.Request;
import dev.bulkhead.agent.control.SignalView;
import dev.bulkhead.agent.control.View;
import dev.bulkhead.rules.Command;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Somebody at the command line, asking a running agent. */
record Person(Terminal terminal) {

    /** Shows a part of what the agent sees. */
    int look(Path config, Consumer<View> show) {
        return ask(
                config,
                new Request.Look(),
                reply -> {
                    if (reply instanceof Reply.Seen(View view)) {
                        terminal.say("as of " + view.at());
                        show.accept(view);
                    }
                });
    }

    /** Shows signals as the agent heard them last. */
    int lookAtSignals(Path config, BiConsumer<Instant, List<SignalView>> show) {
        return ask(
                config,
                new Request.LookAtSignals(),
                reply -> {
                    if (reply instanceof Reply.SeenSignals(Instant at, List<SignalView> signals)) {
                        terminal.say("as of " + at);
                        show.accept(at, signals);
                    }
                });
    }

    /** Gives the agent a command. */
    int order(Path config, String by, String why, Command command) {
        Request.Order order;
        try {
            order = new Request.Order(by, why, command);
        } catch (IllegalArgumentException wrong) {
            throw new WrongUsage("--by, --why: " + wrong.getMessage());
        }
        return ask(config, order, _ -> {});
    }

    private int ask(Path config, Request request, Consumer<Reply> show) {
        return terminal.valueOf(AgentFile.control(config))
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
