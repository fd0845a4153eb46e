package dev.bulkhead.agent.telemetry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.bulkhead.rules.Event;
import dev.bulkhead.rules.alarm.AlarmId;
import dev.bulkhead.rules.alarm.AlarmState;
import dev.bulkhead.rules.hazard.Level;
import dev.bulkhead.rules.hazard.Vote;
import dev.bulkhead.rules.site.RoomId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * How alarms and rooms stand, as retained messages: the newest of each, so this is bounded by how
 * many there are. Every change in its order stands in the journal. Its monitor guards it: the cycle
 * tells, the publisher takes.
 */
final class Standing {
    private static final JsonMapper MAPPER = new JsonMapper();

    /** A retained message. */
    record Message(String topic, String json) {}

    private record OfAlarm(
            String alarm,
            String room,
            AlarmState state,
            boolean active,
            String since,
            String why) {}

    private record OfVote(String kind, String of, String device, String until, String evidence) {}

    /**
     * A room.
     *
     * @param isolation in a word or two: none, advised, planned, held, isolated, not proven,
     *     contradicted, failed, proof lost; as found at a start also waiting and running
     * @param devices that watch it
     * @param silent how many of them measure nothing: the level says nothing of what they would
     *     show
     */
    private record OfRoom(
            String room,
            Level level,
            String since,
            List<OfVote> votes,
            String isolation,
            String isolationSince,
            String why,
            int devices,
            int silent) {

        OfRoom judged(Level now, String at, List<OfVote> on) {
            return new OfRoom(room, now, at, on, isolation, isolationSince, why, devices, silent);
        }

        OfRoom isolation(String how, String at, String because) {
            return new OfRoom(room, level, since, votes, how, at, because, devices, silent);
        }

        OfRoom seen(int by, int not) {
            return new OfRoom(room, level, since, votes, isolation, isolationSince, why, by, not);
        }
    }

    private final Topics topics;
    private final SequencedMap<AlarmId, OfAlarm> alarms = new LinkedHashMap<>();
    private final Map<RoomId, OfRoom> rooms = new TreeMap<>();
    private final SequencedMap<String, Object> changed = new LinkedHashMap<>();

    Standing(Topics topics) {
        this.topics = topics;
    }

    /**
     * What happened.
     *
     * @param wallOffset from agent time to the wall clock's
     */
    synchronized void tell(Event event, Duration wallOffset) {
        String at = wall(event.at(), wallOffset);
        switch (event) {
            case Event.AlarmChanged one -> alarm(one.alarm(), one.room(), one.to(), at, one.why());
            case Event.LevelChanged one ->
                    level(one.room(), one.to(), at, votes(one.votes(), wallOffset));
            case Event.Planned one ->
                    isolation(one.room(), at, one.isAutomatic() ? "planned" : "advised", one.why());
            case Event.Held one ->
                    isolation(one.room(), at, "held", String.join("; ", one.reasons()));
            case Event.Isolated one ->
                    isolation(
                            one.room(),
                            at,
                            "isolated",
                            "still live: " + String.join("; ", one.proof().staysLive()));
            case Event.NotProven one ->
                    isolation(
                            one.room(),
                            at,
                            one.isContradicted() ? "contradicted" : "not proven",
                            String.join("; ", one.missing()));
            case Event.IsolationFailed one ->
                    isolation(one.room(), at, "failed", String.join("; ", one.reasons()));
            case Event.ProofLost one -> isolation(one.room(), at, "proof lost", one.why());
            case Event.Released one ->
                    isolation(
                            one.room(), at, "none", "released by " + one.who() + ": " + one.why());
            case Event.Intended _,
                    Event.Approved _,
                    Event.Refused _,
                    Event.StepConfirmed _,
                    Event.StepFailed _,
                    Event.StepFound _,
                    Event.CommandRefused _,
                    Event.Suspended _ -> {
                // Single acts are the journal's; how they end changes a room.
            }
        }
    }

    /**
     * What happened before this run began, when the clock may have been off by another amount. It
     * is told with the instant it was written with, or now if that is yet to come.
     *
     * @param wallNow what the wall clock says now
     */
    synchronized void found(Event event, Instant wallNow) {
        tell(event, offset(event.at(), wallNow));
    }

    private static Duration offset(Instant before, Instant wallNow) {
        return before.isAfter(wallNow) ? Duration.between(before, wallNow) : Duration.ZERO;
    }

    private static String wall(Instant at, Duration offset) {
        return at.plus(offset).toString();
    }

    private static List<OfVote> votes(List<Vote> votes, Duration offset) {
        return votes.stream()
                .map(
                        vote ->
                                new OfVote(
                                        vote.kind().name().toLowerCase(Locale.ROOT),
                                        vote.of().toString(),
                                        vote.device().value(),
                                        wall(vote.until(), offset),
                                        vote.evidence()))
                .toList();
    }

    /** An alarm as it was found at the start. */
    synchronized void alarm(
            AlarmId id, RoomId room, AlarmState state, Instant since, String why, Instant wallNow) {
        alarm(id, room, state, wall(since, offset(since, wallNow)), why);
    }

    private void alarm(AlarmId id, RoomId room, AlarmState state, String since, String why) {
        var alarm = new OfAlarm(id.value(), room.value(), state, state.isActive(), since, why);
        alarms.put(id, alarm);
        changed.put(topics.alarm(id), alarm);
    }

    /** A room as it was found at the start. */
    synchronized void room(
            RoomId room,
            Level level,
            List<Vote> votes,
            Optional<String> isolation,
            Instant now,
            Duration offset) {
        level(room, level, wall(now, offset), votes(votes, offset));
        isolation.ifPresent(
                how -> isolation(room, wall(now, offset), how, "as found at the start"));
    }

    /** By how many devices a room is watched, and how many of them measure nothing. */
    synchronized void seen(RoomId room, int devices, int silent) {
        OfRoom before = known(room);
        OfRoom now = before.seen(devices, silent);
        if (!now.equals(before)) {
            put(room, now);
        }
    }

    private void level(RoomId room, Level level, String at, List<OfVote> votes) {
        put(room, known(room).judged(level, at, votes));
    }

    private void isolation(RoomId room, String at, String how, String why) {
        put(room, known(room).isolation(how, at, why));
    }

    private OfRoom known(RoomId room) {
        return rooms.getOrDefault(
                room, new OfRoom(room.value(), Level.NORMAL, "", List.of(), "none", "", "", 0, 0));
    }

    private void put(RoomId id, OfRoom room) {
        rooms.put(id, room);
        changed.put(topics.room(id), room);
    }

    /** Everything is to be told again: a broker that was away may have forgotten it. */
    synchronized void again() {
        rooms.forEach((id, room) -> changed.put(topics.room(id), room));
        alarms.forEach((id, alarm) -> changed.put(topics.alarm(id), alarm));
    }

    /** What has changed and was not taken yet, oldest change first; the newest of each only. */
    synchronized List<Message> take(int most) {
        var messages = new ArrayList<Message>();
        while (messages.size() < most && !changed.isEmpty()) {
            Map.Entry<String, Object> oldest = changed.pollFirstEntry();
            messages.add(new Message(oldest.getKey(), json(oldest.getValue())));
        }
        return messages;
    }

    private static String json(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException bug) {
            throw new IllegalStateException(bug);
        }
    }
}
