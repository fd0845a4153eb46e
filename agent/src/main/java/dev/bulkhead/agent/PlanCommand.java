package dev.bulkhead.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.bulkhead.agent.json.RulesJson;
import dev.bulkhead.rules.isolation.Assessment;
import dev.bulkhead.rules.isolation.Finding;
import dev.bulkhead.rules.isolation.Rung;
import dev.bulkhead.rules.site.Document;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code bulkhead plan}: could this room be isolated, and at what cost? */
record PlanCommand(Terminal terminal) {
    /** What is printed as JSON. */
    record Answer(String site, RoomId room, List<Finding> findings, List<String> staysLive) {}

    int plan(Path file, String room, boolean isJson) {
        Optional<Site> site =
                AgentFile.isOne(file)
                        ? terminal.valueOf(AgentFile.load(file)).map(one -> one.facility().site())
                        : terminal.valueOf(Facility.load(file)).map(Facility::site);
        return site.map(one -> plan(one, room, isJson)).orElse(Terminal.CONFIGURATION);
    }

    private int plan(Site site, String room, boolean isJson) {
        List<String> rooms = site.batteryRooms().stream().map(RoomId::value).toList();
        if (!rooms.contains(room)) {
            throw new WrongUsage(
                    "Site "
                            + site.name()
                            + " has no battery room '"
                            + room
                            + "'"
                            + Document.nearest(room, rooms)
                            + " It has "
                            + String.join(", ", rooms)
                            + ".");
        }
        var answer =
                new Answer(
                        site.name(),
                        new RoomId(room),
                        Assessment.of(site, new RoomId(room)),
                        staysLive(site, new RoomId(room)));
        if (isJson) {
            terminal.say(json(answer));
        } else {
            tell(answer);
        }
        boolean isReady =
                answer.findings().stream()
                        .filter(finding -> finding.rung() == Rung.BATTERY)
                        .allMatch(finding -> finding.isRemotelyOperable() && finding.isProvable());
        return isReady ? Terminal.DONE : Terminal.BAD;
    }

    /** What is live in the room whatever is opened. */
    private static List<String> staysLive(Site site, RoomId room) {
        return Stream.concat(
                        Stream.of(
                                site.stringsIn(room).count()
                                        + " battery strings, each inside its cabinet"),
                        Site.known(site.rooms(), room).staysLive().stream())
                .toList();
    }

    private void tell(Answer answer) {
        terminal.say("site " + answer.site() + ", room " + answer.room());
        for (Finding finding : answer.findings()) {
            terminal.say("");
            terminal.say(finding.title());
            finding.reasons().forEach(reason -> terminal.say("  - " + reason));
            if (!finding.breakers().isEmpty()) {
                terminal.say(
                        "  opens "
                                + finding.breakers().stream()
                                        .map(Object::toString)
                                        .collect(Collectors.joining(" ")));
            }
        }
        terminal.say("");
        terminal.say("stays live whatever is opened: " + String.join(", ", answer.staysLive()));
    }

    private static String json(Answer answer) {
        try {
            return RulesJson.mapper(Answer.class).writeValueAsString(answer);
        } catch (JsonProcessingException bug) {
            throw new IllegalStateException(bug);
        }
    }
}
