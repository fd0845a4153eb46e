package dev.bulkhead.simulator.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.simulator.ShippedProfiles;
import dev.bulkhead.simulator.device.Affliction;
import dev.bulkhead.simulator.device.ExceptionAnswer;
import dev.bulkhead.simulator.device.FaultKind;
import dev.bulkhead.simulator.device.FrozenGateway;
import dev.bulkhead.simulator.device.Target;
import dev.bulkhead.simulator.plant.Happening;
import dev.bulkhead.simulator.scenario.Incident.Befalls;
import dev.bulkhead.simulator.scenario.Scenario.Timed;
import dev.bulkhead.simulator.score.Expectation;
import dev.bulkhead.simulator.score.Expectation.ToIsolate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScenarioFileTest {
    private static final String WHOLE =
            """
            title: One cell is shorted
            source: {assumed: for a test}
            plant: ../plant.yaml
            agent: ../agent.yaml
            start: 2026-01-15T06:00:00Z
            horizon: 2 h
            timeline:
              - {at: 6 min, utility-lost: true}
              - {at: 5 min, internal-short: {rack: A1-S02, module: 9, cell: 3, milliohms: 20}}
              - {at: 7 min, silence: {gateway: A1-field}}
              - {at: 7 min, answers: {gateway: A1-field}}
              - {at: 8 min, broken: {fault: exception, device: A1-offgas, code: 6}}
            water: {after-ignition: 93 min}
            stop: {after-outcome: 30 s, at: 20 min}
            expect:
              isolated: [{room: A1, before: first-flame, by: 18 min}]
              failed: [{room: B1}]
            """;

    private static final String KINDS =
            "internal-short, utility-lost, utility-restored, generators-fail, breaker-sticks,"
                    + " breaker-lies,"
                    + " open-by-hand, close-by-hand, breaker-reset, set-local, set-remote,"
                    + " racked-out, control-supply-lost, trip-circuit-broken, start-servers, ups-fails,"
                    + " ups-reset, water-leak,"
                    + " smoke-source, gas-source, bump-test, fan-stops, fan-runs, cooling-fails,"
                    + " cooling-runs, detectors-reset, agent-released, insulation-falls, silence, answers, approve,"
                    + " killed, clock-set, disk-full, broken, mended";

    @Test
    void aScenarioIsReadInTheOrderOfTime() {
        var scenario =
                ScenarioFile.parse(
                                "s.yaml",
                                WHOLE,
                                ShippedScenarios.site("two-rooms"),
                                ShippedProfiles.all())
                        .orElseThrow();

        assertEquals(
                List.of(
                        new Timed(
                                Duration.ofMinutes(5),
                                new Befalls(
                                        new Happening.InternalShort(
                                                new NodeId("A1-S02"), 9, 3, 20))),
                        new Timed(Duration.ofMinutes(6), new Befalls(new Happening.UtilityLost())),
                        new Timed(
                                Duration.ofMinutes(7),
                                new Incident.Breaks(
                                        new Affliction(
                                                new Target.OfGateway(new GatewayId("A1-field")),
                                                new FrozenGateway()))),
                        new Timed(
                                Duration.ofMinutes(7),
                                new Incident.Mends(
                                        new Affliction.Mending(
                                                FaultKind.FROZEN,
                                                new Target.OfGateway(new GatewayId("A1-field"))))),
                        new Timed(
                                Duration.ofMinutes(8),
                                new Incident.Breaks(
                                        new Affliction(
                                                new Target.OfDevice(new DeviceId("A1-offgas")),
                                                new ExceptionAnswer(6))))),
                scenario.timeline());
        assertEquals(Optional.of(Duration.ofMinutes(93)), scenario.waterAfterIgnition());
        assertEquals(Instant.parse("2026-01-15T08:00:00Z"), scenario.end());
        assertEquals(Optional.of(new NodeId("A1-S02")), scenario.firstShorted());
        assertEquals(
                new Scenario.Stop(Optional.of(Duration.ofSeconds(30)), Duration.ofMinutes(20)),
                scenario.stop());
        assertEquals(
                Optional.of(
                        new Expectation(
                                List.of(
                                        new ToIsolate(
                                                new RoomId("A1"),
                                                Optional.of(Duration.ofMinutes(18)),
                                                true)),
                                List.of(new RoomId("B1")))),
                scenario.expectation());
    }

    @Test
    void whatHappensToARoomHappensToEachOfItsOwnBreakers() {
        var scenario =
                ScenarioFile.parse(
                                "s.yaml",
                                WHOLE.replace("utility-lost: true", "breaker-sticks: {room: A1}"),
                                ShippedScenarios.site("two-rooms"),
                                ShippedProfiles.all())
                        .orElseThrow();

        assertEquals(
                List.of("QB-A1-1", "QB-A1-2", "QS-A1-01", "QS-A1-02", "QS-A1-03", "QS-A1-04"),
                scenario.timeline().stream()
                        .map(Timed::incident)
                        .filter(Befalls.class::isInstance)
                        .map(incident -> ((Befalls) incident).happening())
                        .filter(Happening.BreakerSticks.class::isInstance)
                        .map(happening -> ((Happening.BreakerSticks) happening).breaker())
                        .map(BreakerId::value)
                        .toList());
    }

    @Test
    void everyMistakeIsSaidAtOnceWithItsPlace() {
        var text =
                """
                title: Wrong in many ways
                source: {history: one, assumed: another}
                plant: ../plant.yaml
                start: yesterday
                horizon: 30 min
                timeline:
                  - {at: 5 min, internal-short: {rack: A1-S2, module: 1, cell: 3, milliohms: 20}}
                  - {at: 5 min, internal-short: {rack: A1-S02, module: 18, cell: 9, milliohms: 0}}
                  - {at: 40 min, utility-lost: true}
                  - {at: 6, utility-restored: true}
                  - {at: 6 min, breaker-stick: {room: A1}}
                  - {at: 6 min, utility-lost: true, racked-out: {breaker: QB-A1-1}}
                  - {at: 7 min, set-local: {room: A1, breaker: QB-A1-1}}
                  - {at: 7 min, racked-out: {room: HALL-1}}
                  - {at: 8 min, silence: {device: A1-offgass}}
                  - {at: 8 min, broken: {fault: driftt, device: A1-offgas}}
                  - {at: 8 min, mended: {fault: silent, device: nobody}}
                stop: {after-outcome: 30 s, at: 31 min}
                water: {after: 93 min}
                expect:
                  isolated: [{room: HALL-1}, {room: A1, before: noon}, {room: B1, by: 40 min}]
                  failed: [{room: A1}]
                """;

        var problems =
                ScenarioFile.parse(
                                "s.yaml",
                                text,
                                ShippedScenarios.site("two-rooms"),
                                ShippedProfiles.all())
                        .lines();

        assertEquals(
                List.of(
                        "s.yaml:2:9: source is either history or assumed",
                        "s.yaml:4:8: start is 'yesterday'; an instant was expected, as in"
                                + " 2026-01-15T06:00:00Z",
                        "s.yaml:7:40: the site has no rack 'A1-S2'; did you mean 'A1-S02'?",
                        "s.yaml:8:56: module is 18; expected 1 to 17",
                        "s.yaml:8:66: cell is 9; expected 1 to 8",
                        "s.yaml:8:80: milliohms is 0; expected 0.1 to 1000000",
                        "s.yaml:9:10: at is after the horizon",
                        "s.yaml:10:10: at is '6'; a time with its unit was expected, as in 500 ms,"
                                + " 2 s, 90 min",
                        "s.yaml:11:17: unknown key 'breaker-stick'; did you mean"
                                + " 'breaker-sticks'?",
                        "s.yaml:12:5: utility-lost and racked-out at once; expected one of "
                                + KINDS,
                        "s.yaml:13:28: expected either breaker or room",
                        "s.yaml:14:29: room HALL-1 has no battery breaker",
                        "s.yaml:15:35: the site has no device 'A1-offgass'; did you mean"
                                + " 'A1-offgas'?",
                        "s.yaml:16:33: there is no fault 'driftt'; did you mean 'drift'?",
                        "s.yaml:17:49: the site has no device 'nobody'",
                        "s.yaml:18:33: at is after the horizon",
                        "s.yaml:19:8: 'after-ignition' is missing",
                        "s.yaml:19:9: unknown key 'after'",
                        "s.yaml:21:21: HALL-1 is no battery room",
                        "s.yaml:21:49: before is 'noon'; expected one of first-flame",
                        "s.yaml:21:71: by is after the horizon",
                        "s.yaml:22:19: A1 stands here a second time"),
                problems);
    }

    private static List<String> problems(String timeline) {
        return mistakes(
                WHOLE.replace("  - {at: 8 min, broken", timeline + "  - {at: 8 min, broken"));
    }

    private static List<String> mistakes(String text) {
        return ScenarioFile.parse(
                        "s.yaml", text, ShippedScenarios.site("two-rooms"), ShippedProfiles.all())
                .lines();
    }

    /** A device misspelt, or a time: the fault goes on, and nobody knows. */
    @Test
    void whatIsMendedMustHaveBeenBroken() {
        assertEquals(
                List.of("s.yaml:12:25: late of A1-offgas isn't broken until then"),
                problems("  - {at: 7 min, mended: {fault: late, device: A1-offgas}}\n"));
        assertEquals(
                List.of("s.yaml:12:25: exception of A1-offgas isn't broken until then"),
                problems("  - {at: 7 min, mended: {fault: exception, device: A1-offgas}}\n"));
        assertEquals(
                List.of(),
                problems("  - {at: 9 min, mended: {fault: exception, device: A1-offgas}}\n"));
    }

    @Test
    void whatAnswersAgainMustHaveBeenSilent() {
        assertEquals(
                List.of("s.yaml:12:26: silent of A1-offgas isn't broken until then"),
                problems("  - {at: 7 min, answers: {device: A1-offgas}}\n"));
    }

    @Test
    void aFaultIsNoIncidentOfItsOwn() {
        assertEquals(
                List.of(
                        "s.yaml:12:5: packet-loss is a fault: it happens as 'broken: {fault:"
                                + " packet-loss, …}'",
                        "s.yaml:12:17: unknown key 'packet-loss'"),
                problems("  - {at: 7 min, packet-loss: {gateway: A1-bms}}\n"));
    }

    @Test
    void aProcessIsKilledAgainOnlyOnceItIsBack() {
        String killed =
                """
                timeline:
                  - {at: 12 min, killed: {process: agent, for: 30 s}}
                  - {at: 10 min, killed: {process: agent, for: 2 min}}
                  - {at: 11 min, killed: {process: broker, for: 2 min}}
                  - {at: 14 min, killed: {process: agent, for: 1 s}}
                """;

        var problems =
                ScenarioFile.parse(
                                "s.yaml",
                                WHOLE.replace("timeline:\n", killed),
                                ShippedScenarios.site("two-rooms"),
                                ShippedProfiles.all())
                        .lines();

        assertEquals(List.of("s.yaml:8:26: agent is dead already at that time"), problems);
    }

    @Test
    void whatBefallsTheHostIsSaidInOneWay() {
        assertEquals(
                List.of(
                        "s.yaml:12:28: expected either ahead or back",
                        "s.yaml:13:28: expected either ahead or back",
                        "s.yaml:14:35: back is 0; expected more than that",
                        "s.yaml:15:34: for is 0; expected more than that"),
                problems(
                        """
                          - {at: 8 min, clock-set: {ahead: 1 h, back: 1 h}}
                          - {at: 8 min, clock-set: {}}
                          - {at: 8 min, clock-set: {back: 0 s}}
                          - {at: 8 min, disk-full: {for: 0 s}}
                        """));
    }

    @Test
    void aScenarioTakesTimeAndBeginsWhereDevicesCanCountIt() {
        String text =
                WHOLE.replace("start: 2026", "start: 1960")
                        .replace("horizon: 2 h", "horizon: 0.1 ms")
                        .replace("at: 20 min", "at: 0 s")
                        .replace("after-ignition: 93 min", "after-ignition: 200000 d");

        var problems =
                ScenarioFile.parse(
                                "s.yaml",
                                text,
                                ShippedScenarios.site("two-rooms"),
                                ShippedProfiles.all())
                        .lines();

        assertTrue(
                problems.containsAll(
                        List.of(
                                "s.yaml:5:8: start is 1960-01-15T06:00:00Z; expected"
                                        + " 1970-01-01T00:00:00Z or later, 2099-12-31T23:59:59Z at"
                                        + " the latest",
                                "s.yaml:6:10: horizon is 0; expected more than that",
                                "s.yaml:13:25: after-ignition is '200000 d'; expected at most"
                                        + " 36500 d",
                                "s.yaml:14:33: at is 0; expected more than that")),
                () -> String.join("\n", problems));
    }

    /** A policy that acts when water is needed would be scored for never acting. */
    @Test
    void waterThatCannotBeNeededBeforeTheHorizonIsAMistake() {
        assertEquals(
                List.of(
                        "s.yaml:13:25: water would be needed after the horizon, so never; nothing"
                                + " ignites before the first short, at +05:00"),
                mistakes(WHOLE.replace("horizon: 2 h", "horizon: 97 min")));
        assertEquals(List.of(), mistakes(WHOLE.replace("horizon: 2 h", "horizon: 98 min")));
    }

    @Test
    void nothingIsHeldAgainstAHorizonThatIsNotKnown() {
        assertEquals(
                List.of(
                        "s.yaml:6:10: horizon is '60'; a time with its unit was expected, as in 500"
                                + " ms, 2 s, 90 min"),
                mistakes(WHOLE.replace("horizon: 2 h", "horizon: 60")));
        assertEquals(
                List.of(
                        "s.yaml:1:1: 'horizon' is missing",
                        "s.yaml:6:1: unknown key 'horizont'; did you mean 'horizon'?"),
                mistakes(WHOLE.replace("horizon: 2 h", "horizont: 2 h")));
    }

    @Test
    void plantAndAgentAreKnownBeforeTheSite() {
        var names = ScenarioFile.names("s.yaml", WHOLE, _ -> true).orElseThrow();

        assertEquals(new ScenarioFile.Names("../plant.yaml", Optional.of("../agent.yaml")), names);
    }

    @ParameterizedTest
    @CsvSource({
        "two-rooms, cell-short",
        "two-rooms, mains-failure",
        "two-rooms, stuck-breakers",
        "pangyo-rebuilt, cell-short",
        "pangyo-rebuilt, mains-failure",
        "pangyo-rebuilt, stuck-breakers",
        "pangyo-2022, fire-of-15-october"
    })
    void aShippedScenarioHasNoMistake(String site, String scenario) {
        var parsed =
                ScenarioFile.parse(
                        scenario + ".yaml",
                        ShippedScenarios.text(site, scenario),
                        ShippedScenarios.site(site),
                        ShippedProfiles.all());

        assertEquals(List.of(), parsed.lines());
    }
}
