package dev.bulkhead.simulator.score;

import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.HallId;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.simulator.score.Conduct.Mode;
import dev.bulkhead.simulator.score.Expectation.ToIsolate;
import dev.bulkhead.simulator.score.Ledger.Loss;
import dev.bulkhead.simulator.score.Ledger.RoomFate;
import dev.bulkhead.simulator.score.RunRecord.DeadBusbar;
import dev.bulkhead.simulator.score.RunRecord.Decision;
import dev.bulkhead.simulator.score.RunRecord.Evidence;
import dev.bulkhead.simulator.score.RunRecord.Fed;
import dev.bulkhead.simulator.score.RunRecord.Feed;
import dev.bulkhead.simulator.score.RunRecord.HallSupply;
import dev.bulkhead.simulator.score.RunRecord.OfRoom;
import dev.bulkhead.simulator.score.RunRecord.OpenBreaker;
import dev.bulkhead.simulator.score.RunRecord.PlanMade;
import dev.bulkhead.simulator.score.RunRecord.ProofShown;
import dev.bulkhead.simulator.score.RunRecord.Sample;
import dev.bulkhead.simulator.score.RunRecord.Stage;
import dev.bulkhead.simulator.score.RunRecord.StepDone;
import dev.bulkhead.simulator.score.RunRecord.Trace;
import dev.bulkhead.simulator.score.RunRecord.Truth;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One battery room's failure under the three policies, written by hand; instants are seconds. */
final class SampleRuns {
    static final Instant START = Instant.parse("2026-01-15T06:00:00Z");
    static final RoomId ROOM = new RoomId("A1");
    static final int HORIZON = 8400;
    static final int SHORT = 300;
    static final int VENT = 630;
    static final int RUNAWAY = 702;
    static final int WATER = RUNAWAY + 93 * 60;

    private static final int FIRST_STEP = 652;

    private SampleRuns() {}

    static Instant at(double seconds) {
        return START.plusMillis(Math.round(seconds * 1000));
    }

    static Stretch stretch(double from, double to) {
        return new Stretch(at(from), at(to));
    }

    static Ledger ledger(List<Loss> losses, int throughZone, double zoneDeadAt) {
        return new Ledger(
                at(HORIZON),
                losses,
                throughZone,
                List.of(stretch(0, zoneDeadAt)),
                Optional.of(at(SHORT)),
                Optional.of(at(VENT)),
                Optional.of(at(RUNAWAY)),
                Optional.of(at(RUNAWAY)),
                Optional.of(at(WATER)),
                List.of(
                        new RoomFate(
                                ROOM,
                                Optional.of(at(RUNAWAY)),
                                Optional.of(at(zoneDeadAt)).filter(at(HORIZON)::isAfter),
                                Optional.empty(),
                                List.of(stretch(0, zoneDeadAt))),
                        new RoomFate(
                                new RoomId("B1"),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                List.of(stretch(0, HORIZON)))),
                List.of(),
                zoneDeadAt < HORIZON ? 8000 * (HORIZON - zoneDeadAt) / 60 : 0);
    }

    static Ledger ledger(double zoneDeadAt) {
        return ledger(List.of(), 0, zoneDeadAt);
    }

    static Loss loss(String load, int servers, double at) {
        return new Loss(new NodeId(load), new HallId("H1"), servers, at(at), Optional.empty());
    }

    static Report report() {
        return new Report(
                new Report.About(
                        "One cell of room A1 is shorted",
                        "cell-short.yaml",
                        "Pangyo, rebuilt",
                        false,
                        "an internal short as in the 2022 fire, in a site as it could be today",
                        new Expectation(
                                List.of(new ToIsolate(ROOM, Optional.empty(), true)), List.of())),
                List.of(none(), facilityCut(), bulkhead()));
    }

    static RunRecord none() {
        return plantAlone(Policy.NONE, ledger(HORIZON), supply(Feed.TWO_SOURCES));
    }

    static RunRecord facilityCut() {
        List<Loss> losses =
                IntStream.rangeClosed(1, 8)
                        .mapToObj(
                                hall ->
                                        new Loss(
                                                new NodeId("R" + hall),
                                                new HallId("H" + hall),
                                                4000,
                                                at(WATER),
                                                Optional.empty()))
                        .toList();
        return plantAlone(Policy.FACILITY_CUT, ledger(losses, 0, WATER), supply(Feed.OFF));
    }

    private static RunRecord plantAlone(Policy policy, Ledger ledger, List<HallSupply> supply) {
        return new RunRecord(
                policy,
                Conduct.plantAlone(7),
                List.of(OfRoom.without(ROOM, Outcome.NONE)),
                START,
                at(HORIZON),
                truth(),
                List.of(),
                supply,
                List.of(),
                ledger,
                Optional.empty(),
                Optional.empty(),
                film());
    }

    static RunRecord bulkhead() {
        return bulkhead(ledger(668.4), new Conduct(7, Mode.LAB, 12, 0, Duration.ZERO, ""));
    }

    static RunRecord bulkhead(Ledger ledger, Conduct conduct) {
        return new RunRecord(
                Policy.BULKHEAD,
                conduct,
                List.of(isolated()),
                START,
                at(702),
                truth(),
                decisions(),
                halls().map(
                                hall ->
                                        new HallSupply(
                                                hall,
                                                4000,
                                                List.of(fed(0, HORIZON, Feed.TWO_SOURCES, 0))))
                        .toList(),
                List.of(
                        trace(
                                "Faulty cell",
                                "°C",
                                RunRecord.Origin.TRUTH,
                                OptionalDouble.empty(),
                                24,
                                410,
                                SHORT),
                        trace(
                                "Module 9, hottest",
                                "°C",
                                RunRecord.Origin.SENSOR,
                                OptionalDouble.of(45),
                                24,
                                29,
                                420),
                        trace(
                                "A1-S05, cell sag",
                                "mV",
                                RunRecord.Origin.SENSOR,
                                OptionalDouble.of(50),
                                4,
                                156,
                                SHORT),
                        step("Busbar A1-BB-H1A", 558, 1.9, 668)),
                ledger,
                Optional.empty(),
                Optional.of(new RunRecord.Watch(5, 4000, 3990)),
                film());
    }

    private static OfRoom isolated() {
        return new OfRoom(
                ROOM,
                Outcome.ISOLATED,
                List.of(
                        new Evidence(
                                at(604),
                                "voltage",
                                "A1-S05",
                                "A1-BMS-05",
                                "GW-A1-1",
                                "A1-S05 lowest cell 3.944 V, string average 4.100 V: 156 mV below,"
                                        + " limit 50 mV, for 10 s, idle for 600 s"),
                        new Evidence(
                                at(646),
                                "gas",
                                "A1-S05",
                                "A1-CONTACTS",
                                "GW-A1-2",
                                "A1-S05 in-rack off-gas alarm set, reference clear, for 2 s")),
                Optional.of(plan()),
                Optional.of(
                        new ProofShown(
                                at(672.2),
                                breakers().map(id -> new OpenBreaker(id, at(671.1))).toList(),
                                List.of(
                                        new DeadBusbar(new NodeId("A1-BB-H1A"), 1.9, at(671.6)),
                                        new DeadBusbar(new NodeId("A1-BB-H2A"), 2.3, at(671.6))),
                                List.of(
                                        "UPS H1A reports its battery circuit open",
                                        "UPS H2A reports its battery circuit open"),
                                staysLive())));
    }

    /** As bulkhead, but the second breaker and all after it stay closed. */
    static RunRecord failed() {
        RunRecord good = bulkhead();
        PlanMade plan = plan();
        List<StepDone> steps =
                plan.steps().stream().map(step -> step.number() == 1 ? step : stuck(step)).toList();
        var failed =
                new PlanMade(
                        plan.id(),
                        plan.at(),
                        plan.isAutomatic(),
                        plan.why(),
                        steps,
                        plan.lossThroughZone(),
                        plan.lossElsewhere(),
                        plan.interlocks(),
                        plan.rejected());
        return with(
                good,
                List.of(
                        new OfRoom(
                                ROOM,
                                Outcome.FAILED,
                                isolated().evidence(),
                                Optional.of(failed),
                                Optional.empty())),
                good.decisions().stream().filter(made -> made.stage() != Stage.PROOF).toList(),
                ledger(HORIZON));
    }

    /** As bulkhead, and room B1 fails too, with a plan that waits. */
    static RunRecord twoRooms() {
        RunRecord good = bulkhead();
        PlanMade plan = plan();
        var other = new RoomId("B1");
        var waits =
                new PlanMade(
                        "B1#1",
                        plan.at(),
                        false,
                        "another room became suspect.",
                        List.of(),
                        0,
                        0,
                        List.of(),
                        List.of());
        var burnt =
                new RoomFate(
                        other,
                        Optional.of(at(RUNAWAY)),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(stretch(0, HORIZON)));
        return with(
                good,
                List.of(
                        isolated(),
                        new OfRoom(
                                other,
                                Outcome.ADVISED,
                                isolated().evidence(),
                                Optional.of(waits),
                                Optional.empty())),
                good.decisions(),
                with(good.ledger(), burnt));
    }

    /** The same books with another fate of a room. */
    static Ledger with(Ledger ledger, RoomFate fate) {
        return new Ledger(
                ledger.end(),
                ledger.losses(),
                ledger.throughZone(),
                ledger.zoneEnergised(),
                ledger.beganAt(),
                ledger.ventedAt(),
                ledger.ranAwayAt(),
                ledger.flameAt(),
                ledger.waterNeeded(),
                ledger.rooms().stream()
                        .map(each -> each.room().equals(fate.room()) ? fate : each)
                        .toList(),
                ledger.strays(),
                ledger.unbackedServerMinutes());
    }

    /** The same run with other rooms. */
    static RunRecord with(
            RunRecord run, List<OfRoom> rooms, List<Decision> decisions, Ledger ledger) {
        return new RunRecord(
                run.policy(),
                run.conduct(),
                rooms,
                run.start(),
                run.acted(),
                run.truth(),
                decisions,
                run.supply(),
                run.traces(),
                ledger,
                run.telemetry(),
                run.watch(),
                run.film());
    }

    private static StepDone stuck(StepDone step) {
        boolean isTried = step.number() == 2;
        return new StepDone(
                step.number(),
                step.breaker(),
                step.why(),
                isTried ? step.commandedAt() : Optional.empty(),
                Optional.empty(),
                isTried ? "still closed 5 s after the trip" : "not reached");
    }

    private static List<String> staysLive() {
        return Stream.concat(
                        IntStream.rangeClosed(1, 16)
                                .mapToObj(
                                        n ->
                                                "string A1-S%02d inside its cabinet, last read 558 V"
                                                        .formatted(n)),
                        Stream.of(
                                "exhaust fan",
                                "gas and smoke detection",
                                "BMS auxiliary 24 V",
                                "emergency lighting"))
                .toList();
    }

    private static Trace trace(
            String label,
            String unit,
            RunRecord.Origin origin,
            OptionalDouble limit,
            double low,
            double high,
            int from) {
        var samples = new ArrayList<Sample>();
        for (int at = 200; at <= 740; at += 5) {
            double share = Math.clamp((at - from) / 400.0, 0, 1);
            samples.add(new Sample(at(at), low + (high - low) * share * share));
        }
        return new Trace(label, unit, origin, limit, samples);
    }

    private static Trace step(String label, double before, double after, int when) {
        return new Trace(
                label,
                "V",
                RunRecord.Origin.SENSOR,
                OptionalDouble.of(60),
                IntStream.rangeClosed(200, 740)
                        .mapToObj(at -> new Sample(at(at), at < when ? before : after))
                        .toList());
    }

    private static Stream<HallId> halls() {
        return IntStream.rangeClosed(1, 8).mapToObj(hall -> new HallId("H" + hall));
    }

    private static Fed fed(double from, double to, Feed feed, int off) {
        return new Fed(stretch(from, to), feed, off);
    }

    private static List<HallSupply> supply(Feed afterWater) {
        int off = afterWater == Feed.OFF ? 4000 : 0;
        return halls().map(
                        hall ->
                                new HallSupply(
                                        hall,
                                        4000,
                                        List.of(
                                                fed(0, 4730, Feed.TWO_SOURCES, 0),
                                                fed(4730, 4730.02, Feed.ONE_SOURCE, 0),
                                                fed(4730.02, WATER, Feed.TWO_SOURCES, 0),
                                                fed(WATER, HORIZON, afterWater, off))))
                .toList();
    }

    private static List<Truth> truth() {
        return List.of(
                new Truth(
                        at(SHORT),
                        "internal short",
                        Optional.of(ROOM),
                        true,
                        "A1-S05 module 9 cell 3, 20 mΩ"),
                new Truth(
                        at(VENT),
                        "vent",
                        Optional.of(ROOM),
                        true,
                        "A1-S05 module 9 cell 3 at 130 °C"),
                new Truth(
                        at(RUNAWAY),
                        "first flame",
                        Optional.of(ROOM),
                        true,
                        "A1-S05 module 9 cell 3 at 231 °C"),
                new Truth(
                        at(WATER),
                        "water needed",
                        Optional.empty(),
                        true,
                        "93 min after ignition"));
    }

    static Stream<BreakerId> breakers() {
        return Stream.concat(
                        Stream.of("A1-QB-H1A", "A1-QB-H2A"),
                        IntStream.rangeClosed(1, 16).mapToObj(n -> "A1-QS-%02d".formatted(n)))
                .map(BreakerId::new);
    }

    private static PlanMade plan() {
        var steps = new ArrayList<StepDone>();
        for (BreakerId breaker : breakers().toList()) {
            int number = steps.size() + 1;
            steps.add(
                    new StepDone(
                            number,
                            breaker,
                            number <= 2
                                    ? "parts the room from its UPS"
                                    : "parts the string from the busbar",
                            Optional.of(at(FIRST_STEP + number * 0.9)),
                            Optional.of(at(FIRST_STEP + number * 0.9 + 0.8)),
                            "open"));
        }
        return new PlanMade(
                "A1#1",
                at(650.4),
                true,
                "armed for room A1; nothing speaks against it",
                steps,
                0,
                0,
                List.of(),
                List.of(
                        "open string A1-S05 only: the room's other strings would still feed its"
                                + " busbar, and gas is no longer of one rack",
                        "zone rung: it costs no less and AC is switched by people",
                        "main switch: on no rung"));
    }

    private static List<Decision> decisions() {
        var made = new ArrayList<Decision>();
        made.add(found(604, "SUSPECT", "room A1: voltage of A1-S05"));
        made.add(found(646, "off-gas alarm", "A1-S05 in-rack off-gas"));
        made.add(found(650, Score.FAILING, "room A1: voltage and gas at A1-S05"));
        made.add(
                new Decision(
                        at(650.4),
                        Stage.DECISION,
                        "planned A1#1",
                        Optional.of(ROOM),
                        Optional.empty(),
                        "18 breakers, no server lost, automatic"));
        for (StepDone step : plan().steps()) {
            step.commandedAt().ifPresent(at -> made.add(breaker(at, "trip", step.breaker())));
            step.confirmedAt().ifPresent(at -> made.add(breaker(at, "open", step.breaker())));
        }
        made.add(
                new Decision(
                        at(672.2),
                        Stage.PROOF,
                        "ISOLATED",
                        Optional.of(ROOM),
                        Optional.empty(),
                        "18 of 18 open, busbars 1.9 V and 2.3 V"));
        return made;
    }

    private static Decision breaker(Instant at, String kind, BreakerId breaker) {
        return new Decision(at, Stage.BREAKER, kind, Optional.of(ROOM), Optional.of(breaker), kind);
    }

    private static Decision found(double seconds, String kind, String text) {
        return new Decision(
                at(seconds), Stage.DETECTION, kind, Optional.of(ROOM), Optional.empty(), text);
    }

    /** Two frames: all is cool, and one module of two racks burns unseen. */
    static Film film() {
        return new Film(
                List.of(at(0), at(RUNAWAY)),
                List.of(
                        new Film.OfRoom(
                                ROOM,
                                List.of(
                                        new Film.Rack(new NodeId("A1-S01"), 2),
                                        new Film.Rack(new NodeId("A1-S02"), 2)),
                                List.of(
                                        new Film.Frame(
                                                24,
                                                24,
                                                0,
                                                0,
                                                0,
                                                true,
                                                List.of(24, 24, 24, 24),
                                                List.of(24, 24, 24, 24)),
                                        new Film.Frame(
                                                612,
                                                58,
                                                90,
                                                1,
                                                3,
                                                false,
                                                List.of(24, 24, 80, 612),
                                                List.of(24, 24, 26, 58)))),
                        new Film.OfRoom(
                                new RoomId("B1"),
                                List.of(),
                                List.of(
                                        new Film.Frame(24, 24, 0, 0, 0, true, List.of(), List.of()),
                                        new Film.Frame(
                                                24, 24, 0, 0, 0, true, List.of(), List.of())))));
    }
}
