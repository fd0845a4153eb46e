package dev.bulkhead.rules.condition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.TestPacks;
import dev.bulkhead.rules.TestSites;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PackFileTest {
    @Test
    void theShippedPackHasNoMistake() {
        assertEquals(
                List.of(),
                PackFile.parse("battery-room.yaml", TestPacks.batteryRoomText()).lines());
    }

    @ParameterizedTest
    @ValueSource(strings = {"two-rooms", "pangyo-rebuilt"})
    void onAShippedSiteEveryConditionFindsWhatItAsks(String site) {
        var conditions =
                Conditions.compile(
                        TestPacks.batteryRoom(), TestSites.site(site), TestSites.signals(site));

        assertEquals(List.of(), conditions.findings());
        var bound = conditions.bindings().stream().map(Conditions.Binding::condition).distinct();
        assertEquals(TestPacks.batteryRoom().conditions(), bound.toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    rack.volts > 5.0              | 6:11: no role is called 'rack.volts'; did you mean 'rack.voltage'?
                    rack.current > 5.0 && foo     | 6:33: no role is called 'foo'
                    rack.voltage > "a"            | 6:24: found no matching overload for '_>_'
                    rack.voltage >                | 6:25: mismatched input '<EOF>'
                    rack.voltage + 5.0            | 6:24: expected type 'bool' but found 'double'
                    breaker.local && module.temperature > 5.0 | 6:28: a rack has no module.temperature
                    5.0 / rack.voltage > 1.0      | 6:15: only division by a number is known
                    overPeers("rack.offGas") > 1.0 | 6:21: rack.offGas is no number
                    overPeers("room.lfl") > 1.0   | 6:21: only a role of the rack itself has peers
                    overPeers(rack.voltage) > 1.0 | 6:21: a role in quotes was expected
                    idle("bank.current", 0.05, 10) | 6:16: idle is told by rack.current
                    rate("rack.voltage", 5) > 1.0 | 6:15: no function is called 'rate'
                    ratePerMinute("rack.voltage", 1) > 1.0 | 6:25: a rate needs 2 measurements
                    ratePerMinute("rack.voltage") > 1.0 | 6:24: ratePerMinute doesn't take 0 numbers
                    anySet("rack.offGas")         | 6:18: anySet has an answer for what was never heard
                    allClearSince("room.leak", "rack.offGas", 10) | 6:25: allClearSince has an answer for what was
                    allClearSince("room.leak") | 6:24: allClearSince takes a role, a flag of its own and minutes
                    rack.voltage == [1.0]          | 6:27: conditions have no lists, maps or loops
                    room.leak                     | 3:5: 'when' asks for no role of the rack itself
                    """)
    void aMistakeInAnExpressionIsShownAtItsPlace(String when, String problem) {
        var parsed = PackFile.parse("p", pack("when: " + when));

        assertTrue(
                parsed.lines().toString().contains("p:" + problem),
                () -> when + " " + parsed.lines());
    }

    @Test
    void aMistakeInAFoldedTextIsShownOnItsOwnLine() {
        var parsed =
                PackFile.parse(
                        "p",
                        pack(
                                """
                                when: >-
                                        rack.voltage > 5.0
                                        && rack.curent > 1.0"""));

        assertEquals(
                List.of("p:8:12: no role is called 'rack.curent'; did you mean 'rack.current'?"),
                parsed.lines());
    }

    @Test
    void aVoteIsMadeOfItsOwnDevicesRolesOnlyAndNeverOfSilence() {
        String votes = "kind: gas\n    vote: true\n    when: ";

        assertTrue(
                PackFile.parse("p", pack(votes + "rack.offGas || room.lfl > 9.0"))
                        .lines()
                        .toString()
                        .contains("can only hold it back"));
        assertTrue(
                PackFile.parse("p", pack(votes + "age(\"rack.offGas\") > 9.0"))
                        .lines()
                        .toString()
                        .contains("silence is no evidence"));
    }

    @Test
    void whatAReferenceIsComparedWithIsAFlagOfTheSubjectsOwn() {
        for (String own : List.of("room.leak", "rack.current")) {
            assertEquals(
                    List.of("p:7:50: a flag of the rack itself was expected"),
                    PackFile.parse(
                                    "p",
                                    pack(
                                            "when: rack.offGas\n    while: allClearSince(\"room.offGasReference\", \"%s\", 10)"
                                                    .formatted(own)))
                            .lines());
        }
    }

    @Test
    void everyMistakeIsFoundInOneGo() {
        String text =
                """
                pack: p
                conditions:
                  - id: a
                    of: rack
                    when: rack.voltage > 1.0
                    for: 2 s
                    samples: 2
                    priority: urgent
                    title: T
                    guidance: G
                  - id: a
                    of: rack
                    kind: gas
                    vote: true
                    when: rack.offGas
                    priority: high
                    latching: false
                    title: T
                    guidence: G
                """;

        assertEquals(
                List.of(
                        "p:3:5: 'latching' is missing",
                        "p:3:5: either 'for' or 'samples', not both",
                        "p:8:15: priority is 'urgent'; expected one of high, medium, low",
                        "p:11:5: another condition is called 'a'",
                        "p:11:5: 'guidance' is missing",
                        "p:11:5: votes of gas and smoke must be 'latching: true'",
                        "p:19:5: unknown key 'guidence'; did you mean 'guidance'?"),
                PackFile.parse("p", text).lines());
    }

    private static String pack(String lines) {
        return """
        pack: p
        conditions:
          - id: a
            of: rack
            title: T
            %s
            priority: low
            latching: true
            guidance: G
        """
                .formatted(lines);
    }
}
