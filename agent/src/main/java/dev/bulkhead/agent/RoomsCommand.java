package dev.bulkhead.agent;

import dev.bulkhead.agent.control.View;
import dev.bulkhead.rules.Command.Release;
import dev.bulkhead.rules.hazard.Vote;
import dev.bulkhead.rules.site.RoomId;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code bulkhead rooms}: how far each battery room has failed. */
@Command(
        name = "rooms",
        description = "Battery rooms as a running agent sees them.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class RoomsCommand {
    private final Terminal terminal;
    private final Person person;

    RoomsCommand(Terminal terminal) {
        this.terminal = terminal;
        this.person = new Person(terminal);
    }

    @Command(
            name = "list",
            description =
                    "Lists the battery rooms with their level and votes, and what doesn't count as one.",
            mixinStandardHelpOptions = true)
    int list(@Mixin AgentOption agent) {
        return person.look(agent, this::tell);
    }

    private void tell(View view) {
        for (View.Room room : view.rooms()) {
            terminal.say(
                    String.format(
                            Locale.ROOT, "%-8s %s%s", room.room(), room.level(), blind(room)));
            for (Vote vote : room.votes()) {
                terminal.say(
                        "         "
                                + vote.kind()
                                + " at "
                                + vote.of()
                                + " until "
                                + vote.until()
                                + ": "
                                + vote.evidence());
            }
            for (View.HeldBack held : room.heldBack()) {
                terminal.say(
                        "         held back: "
                                + held.condition()
                                + " at "
                                + held.of()
                                + ": "
                                + held.why());
            }
        }
    }

    /**
     * A level rests on what is measured; where that is little, it must not look like all is well.
     */
    private static String blind(View.Room room) {
        return room.silent() == 0
                ? ""
                : (room.silent() == room.devices() ? "  BLIND: none of " : "  blind in part: ")
                        + (room.silent() == room.devices()
                                ? room.devices() + " devices measures anything"
                                : room.silent()
                                        + " of "
                                        + room.devices()
                                        + " devices measure nothing");
    }

    @Command(
            name = "release",
            description = "Drops the latch of a room that has been looked at and made safe.",
            mixinStandardHelpOptions = true)
    int release(
            @Parameters(paramLabel = "ROOM", description = "The room.") String id,
            @Mixin OrderOptions order) {
        return person.order(order, new Release(new RoomId(id)));
    }
}
