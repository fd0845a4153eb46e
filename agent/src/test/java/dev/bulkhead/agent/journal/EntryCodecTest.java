package dev.bulkhead.agent.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.Event;
import dev.bulkhead.rules.condition.ConditionId;
import dev.bulkhead.rules.condition.Kind;
import dev.bulkhead.rules.hazard.Level;
import dev.bulkhead.rules.hazard.Vote;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Subject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryCodecTest {
    private static final Instant AT = Instant.parse("2022-10-15T06:19:00.250Z");

    private static final String RELEASED =
            "{\"is\":\"Released\",\"at\":\"2022-10-15T06:19:00.250Z\",\"room\":\"A1\","
                    + "\"who\":\"Kim\",\"why\":\"cold for 24 h\"}";

    private final EntryCodec codec = new EntryCodec();

    @Test
    void everyKindOfEventComesBackAsItWas() throws Exception {
        for (long seed = 1; seed <= 200; seed++) {
            for (Event event : new ExampleEvents(seed).ofEachKind()) {
                String line = codec.write(event);
                assertFalse(line.contains("\n"), line);
                assertEquals(event, codec.read(1, line), "seed " + seed);
            }
        }
    }

    @Test
    void aLineIsWrittenTheSameOnEveryMachine() {
        var vote =
                new Vote(
                        new ConditionId("rack-off-gas"),
                        Kind.GAS,
                        new RoomId("A1"),
                        new Subject.OfNode(new NodeId("A1-S03")),
                        new DeviceId("A1-gas"),
                        new GatewayId("A1-gw2"),
                        AT,
                        AT.plusSeconds(3600),
                        "off-gas at A1-S03");
        var event =
                new Event.LevelChanged(
                        AT, new RoomId("A1"), Level.NORMAL, Level.SUSPECT, List.of(vote));
        assertEquals(
                "{\"is\":\"LevelChanged\",\"at\":\"2022-10-15T06:19:00.250Z\",\"room\":\"A1\","
                        + "\"from\":\"NORMAL\",\"to\":\"SUSPECT\",\"votes\":[{"
                        + "\"condition\":\"rack-off-gas\",\"kind\":\"GAS\",\"room\":\"A1\","
                        + "\"of\":{\"is\":\"OfNode\",\"node\":\"A1-S03\"},"
                        + "\"device\":\"A1-gas\",\"gateway\":\"A1-gw2\","
                        + "\"since\":\"2022-10-15T06:19:00.250Z\","
                        + "\"until\":\"2022-10-15T07:19:00.250Z\","
                        + "\"evidence\":\"off-gas at A1-S03\"}]}",
                codec.write(event));
    }

    @Test
    void theGoldenLineIsARelease() throws Exception {
        assertEquals(
                new Event.Released(AT, new RoomId("A1"), "Kim", "cold for 24 h"),
                codec.read(1, RELEASED));
    }

    @Test
    void anEventOfANewerProgramIsRefusedWithItsNumberAndName() {
        var refused = refused(RELEASED.replace("Released", "Ventilated"));
        assertTrue(refused.contains("entry 17"), refused);
        assertTrue(refused.contains("'Ventilated'"), refused);
    }

    @Test
    void aComponentOfANewerProgramIsRefusedWithItsName() {
        var refused = refused(RELEASED.replace("\"who\"", "\"role\":\"chief\",\"who\""));
        assertTrue(refused.contains("entry 17: 'role' in Released"), refused);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "null",
                "\"Released\"",
                "{\"is\":\"Released\"}",
                "{\"is\":\"Suspended\",\"at\":\"2022-10-15T06:19:00Z\",\"isSuspended\":\"true\",\"why\":\"\"}",
                "{\"is\":\"Suspended\",\"at\":\"2022-10-15T06:19:00Z\",\"isSuspended\":null,\"why\":\"\"}",
                "{\"is\":\"Suspended\",\"at\":\"yesterday\",\"isSuspended\":true,\"why\":\"\"}",
                "{\"is\":\"Suspended\",\"at\":\"2022-10-15T06:19:00Z\",\"isSuspended\":true,\"why\":7}",
                "{\"is\":\"Suspended\",\"at\":\"2022-10-15T06:19:00Z\",\"isSuspended\":true,\"why\":null}",
                "{\"is\":\"Suspended\",\"at\":\"2022-10-15T06:19:00Z\",\"isSuspended\":true,\"isSuspended\":false,\"why\":\"\"}",
                "{\"is\":\"Suspended\",\"at\":\"2022-10-15T06:19:00Z\",\"isSuspended\":true,\"why\":\"\"} {}"
            })
    void whatIsNotExactlyAnEventIsRefused(String line) {
        String refused = refused(line);
        assertTrue(refused.startsWith("entry 17: "), refused);
    }

    @Test
    void everyEventHasWordsForPeople() {
        for (long seed = 1; seed <= 20; seed++) {
            for (Event event : new ExampleEvents(seed).ofEachKind()) {
                String line = EntryText.line(event);
                assertTrue(line.startsWith(event.at().toString()), line);
                assertTrue(line.contains(event.getClass().getSimpleName()), line);
                assertFalse(line.contains("[") && line.contains("value="), line);
                String sentence = EntryText.sentence(event);
                EntryText.room(event)
                        .ifPresent(
                                room ->
                                        assertTrue(
                                                sentence.startsWith("room " + room + ": "),
                                                sentence));
            }
        }
    }

    private String refused(String line) {
        return String.valueOf(
                assertThrows(EntryCodec.Unreadable.class, () -> codec.read(17, line)).getMessage());
    }
}
