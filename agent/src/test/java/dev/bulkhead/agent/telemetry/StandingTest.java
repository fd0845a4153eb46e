package dev.bulkhead.agent.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.bulkhead.agent.journal.ExampleEvents;
import dev.bulkhead.rules.Event;
import dev.bulkhead.rules.alarm.AlarmId;
import dev.bulkhead.rules.alarm.AlarmState;
import dev.bulkhead.rules.condition.ConditionId;
import dev.bulkhead.rules.condition.Kind;
import dev.bulkhead.rules.hazard.Level;
import dev.bulkhead.rules.hazard.Vote;
import dev.bulkhead.rules.isolation.Loss;
import dev.bulkhead.rules.isolation.Plan;
import dev.bulkhead.rules.isolation.PlanId;
import dev.bulkhead.rules.isolation.Proof;
import dev.bulkhead.rules.isolation.Rung;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** If these fail, a screen on the wall shows a room that is on fire as it was before. */
class StandingTest {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration OFFSET = Duration.ofHours(1);
    private static final String WALL = "2026-01-01T01:00:00Z";
    private static final RoomId ROOM = new RoomId("A1");
    private static final PlanId PLAN = new PlanId("A1#1");
    private static final AlarmId ALARM = new AlarmId("rack-off-gas@A1-S03");

    private final Standing standing = new Standing(new Topics("two-rooms"));

    private void tell(Event event) {
        standing.tell(event, OFFSET);
    }

    private static Event alarm(AlarmId alarm, AlarmState to, String why) {
        return new Event.AlarmChanged(AT, alarm, ROOM, AlarmState.NORMAL, to, why);
    }

    private static Event level(Level to, List<Vote> votes) {
        return new Event.LevelChanged(AT, ROOM, Level.NORMAL, to, votes);
    }

    private static JsonNode json(Standing.Message message) {
        try {
            return MAPPER.readTree(message.json());
        } catch (JsonProcessingException bug) {
            throw new AssertionError(message.json(), bug);
        }
    }

    private JsonNode only() {
        List<Standing.Message> messages = standing.take(100);
        assertEquals(1, messages.size(), () -> "" + messages);
        return json(messages.getFirst());
    }

    @Test
    void anAlarmIsToldByItsIdWithTheWallClocksTime() {
        tell(alarm(ALARM, AlarmState.UNACKNOWLEDGED, "off-gas for 3 s"));
        List<Standing.Message> messages = standing.take(100);
        assertEquals(
                List.of(
                        new Standing.Message(
                                "bulkhead/two-rooms/alarm/rack-off-gas@A1-S03",
                                "{\"alarm\":\"rack-off-gas@A1-S03\",\"room\":\"A1\","
                                        + "\"state\":\"UNACKNOWLEDGED\",\"active\":true,"
                                        + "\"since\":\"2026-01-01T01:00:00Z\","
                                        + "\"why\":\"off-gas for 3 s\"}")),
                messages);
        assertEquals(List.of(), standing.take(100));
    }

    @Test
    void onlyTheNewestOfEachIsTold() {
        var other = new AlarmId("smoke@A1");
        tell(alarm(ALARM, AlarmState.UNACKNOWLEDGED, "first"));
        tell(alarm(other, AlarmState.UNACKNOWLEDGED, "other"));
        tell(level(Level.SUSPECT, List.of()));
        tell(alarm(ALARM, AlarmState.ACKNOWLEDGED, "second"));
        tell(level(Level.FAILING, List.of()));
        List<Standing.Message> messages = standing.take(100);
        assertEquals(
                List.of("second", "other"),
                messages.stream()
                        .filter(one -> one.topic().contains("/alarm/"))
                        .map(one -> json(one).path("why").asText())
                        .toList());
        assertEquals(
                List.of("FAILING"),
                messages.stream()
                        .filter(one -> one.topic().contains("/room/"))
                        .map(one -> json(one).path("level").asText())
                        .toList());
    }

    /** A broker may have lost its retained messages while nobody was connected to it. */
    @Test
    void everythingIsToldAgainOverANewConnectionAsItIsNow() {
        tell(alarm(ALARM, AlarmState.UNACKNOWLEDGED, "first"));
        tell(level(Level.SUSPECT, List.of()));
        standing.take(100);
        tell(alarm(ALARM, AlarmState.ACKNOWLEDGED, "second"));
        standing.again();
        Map<String, JsonNode> byTopic =
                standing.take(100).stream()
                        .collect(Collectors.toMap(Standing.Message::topic, StandingTest::json));
        assertEquals(2, byTopic.size(), () -> "" + byTopic);
        assertEquals(
                "second",
                Optional.ofNullable(byTopic.get("bulkhead/two-rooms/alarm/" + ALARM))
                        .orElseThrow()
                        .path("why")
                        .asText());
        assertEquals(
                "SUSPECT",
                Optional.ofNullable(byTopic.get("bulkhead/two-rooms/room/A1"))
                        .orElseThrow()
                        .path("level")
                        .asText());
    }

    @Test
    void aLevelIsToldWithTheVotesItStandsOn() {
        tell(
                level(
                        Level.SUSPECT,
                        List.of(
                                new Vote(
                                        new ConditionId("rack-off-gas"),
                                        Kind.GAS,
                                        ROOM,
                                        new Subject.OfNode(new NodeId("A1-S03")),
                                        new DeviceId("A1-offgas"),
                                        new GatewayId("A1-field"),
                                        AT,
                                        AT.plusSeconds(60),
                                        "off-gas for 3 s"))));
        JsonNode room = only();
        assertEquals("SUSPECT", room.path("level").asText());
        assertEquals(WALL, room.path("since").asText());
        assertEquals("none", room.path("isolation").asText());
        JsonNode vote = room.path("votes").path(0);
        assertEquals("gas", vote.path("kind").asText());
        assertEquals("A1-S03", vote.path("of").asText());
        assertEquals("A1-offgas", vote.path("device").asText());
        assertEquals("2026-01-01T01:01:00Z", vote.path("until").asText());
        assertEquals("off-gas for 3 s", vote.path("evidence").asText());
    }

    /** NORMAL in a room where nothing measures is not "all is well". */
    @Test
    void aBlindRoomSaysSoAndOnlyWhenItChanges() {
        standing.seen(ROOM, 12, 0);
        standing.take(100);
        standing.seen(ROOM, 12, 0);
        assertEquals(List.of(), standing.take(100));
        standing.seen(ROOM, 12, 11);
        JsonNode room = only();
        assertEquals("NORMAL", room.path("level").asText());
        assertEquals(12, room.path("devices").asInt());
        assertEquals(11, room.path("silent").asInt());
    }

    private static Plan plan() {
        return new Plan(
                PLAN,
                ROOM,
                Rung.BATTERY,
                AT,
                List.of(),
                Loss.NONE,
                List.of(),
                List.of(),
                List.of());
    }

    static Stream<Arguments> eventsOfAnIsolation() {
        var proof = new Proof(AT, List.of(), List.of(), List.of(), List.of("UPS H1A", "lights"));
        return Stream.of(
                Arguments.of(
                        new Event.Planned(AT, ROOM, plan(), true, "it is failing", List.of()),
                        "planned",
                        "it is failing"),
                Arguments.of(
                        new Event.Planned(AT, ROOM, plan(), false, "not armed", List.of()),
                        "advised",
                        "not armed"),
                Arguments.of(
                        new Event.Held(AT, ROOM, PLAN, List.of("busbar unknown", "H1A silent")),
                        "held",
                        "busbar unknown; H1A silent"),
                Arguments.of(
                        new Event.Isolated(AT, ROOM, PLAN, proof),
                        "isolated",
                        "still live: UPS H1A; lights"),
                Arguments.of(
                        new Event.NotProven(AT, ROOM, PLAN, List.of("BB-A1-1"), false),
                        "not proven",
                        "BB-A1-1"),
                Arguments.of(
                        new Event.NotProven(AT, ROOM, PLAN, List.of("BB-A1-1 live"), true),
                        "contradicted",
                        "BB-A1-1 live"),
                Arguments.of(
                        new Event.IsolationFailed(AT, ROOM, PLAN, List.of("QB-A1-1 stuck")),
                        "failed",
                        "QB-A1-1 stuck"),
                Arguments.of(
                        new Event.ProofLost(AT, ROOM, PLAN, "QB-A1-1 reads closed"),
                        "proof lost",
                        "QB-A1-1 reads closed"),
                Arguments.of(
                        new Event.Released(AT, ROOM, "kim", "rack replaced"),
                        "none",
                        "released by kim: rack replaced"));
    }

    @ParameterizedTest
    @MethodSource("eventsOfAnIsolation")
    void howFarAnIsolationHasComeIsToldAndTheLevelStays(Event event, String isolation, String why) {
        tell(level(Level.FAILING, List.of()));
        standing.seen(ROOM, 12, 3);
        standing.take(100);
        tell(event);
        JsonNode room = only();
        assertEquals(isolation, room.path("isolation").asText());
        assertEquals(why, room.path("why").asText());
        assertEquals(WALL, room.path("isolationSince").asText());
        assertEquals("FAILING", room.path("level").asText());
        assertEquals(3, room.path("silent").asInt());
    }

    @Test
    void whatWasFoundAtTheStartIsToldLikeWhatHappened() {
        standing.alarm(
                ALARM, ROOM, AlarmState.LATCHED_ACKNOWLEDGED, AT, "as before", AT.plus(OFFSET));
        assertEquals("LATCHED_ACKNOWLEDGED", only().path("state").asText());
        standing.room(ROOM, Level.FAILING, List.of(), Optional.of("isolated"), AT, OFFSET);
        JsonNode room = only();
        assertEquals("FAILING", room.path("level").asText());
        assertEquals("isolated", room.path("isolation").asText());
        assertEquals("as found at the start", room.path("why").asText());
    }

    /**
     * The clock was right, then 174 years ahead, then right again: what was written with it right
     * keeps its date, and what was written in the future was no later than now.
     */
    @Test
    void whatAnEarlierRunWroteIsNotMovedByWhatTheClockIsOffByNow() {
        Instant wallNow = AT.plus(OFFSET);

        standing.found(alarm(ALARM, AlarmState.UNACKNOWLEDGED, "while it was right"), wallNow);
        assertEquals(AT.toString(), only().path("since").asText());
        standing.alarm(ALARM, ROOM, AlarmState.UNACKNOWLEDGED, AT, "as found", wallNow);
        assertEquals(AT.toString(), only().path("since").asText());

        Instant ahead = AT.plus(Duration.ofDays(174 * 365L));
        standing.alarm(ALARM, ROOM, AlarmState.UNACKNOWLEDGED, ahead, "while ahead", wallNow);
        assertEquals(WALL, only().path("since").asText());
    }

    /** Also of kinds that come to be after this test; whatever texts people and devices wrote. */
    @Test
    void everyEventCanBeToldAndIsJsonOnATopicWithoutWildcards() {
        var messages = new ArrayList<Standing.Message>();
        for (long seed = 1; seed <= 20; seed++) {
            new ExampleEvents(seed).ofEachKind().forEach(this::tell);
            messages.addAll(standing.take(100));
        }
        assertTrue(messages.size() > 40, () -> messages.size() + " messages");
        for (Standing.Message message : messages) {
            assertTrue(json(message).isObject(), message::json);
            assertTrue(
                    message.topic().matches("bulkhead/two-rooms/(alarm|room)/[^/+#]+"),
                    message::topic);
        }
    }
}
