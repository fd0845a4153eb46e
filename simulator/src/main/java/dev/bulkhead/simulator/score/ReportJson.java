package dev.bulkhead.simulator.score;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bulkhead.simulator.score.RunRecord.OfRoom;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A report for programs: the order of its fields is fixed, lengths of time are seconds. */
final class ReportJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private ReportJson() {}

    static String of(Report report) {
        return text(tree(report));
    }

    static String text(ObjectNode tree) {
        try {
            var indenter = new DefaultIndenter("  ", "\n");
            var printer =
                    new DefaultPrettyPrinter()
                            .withObjectIndenter(indenter)
                            .withArrayIndenter(indenter);
            return new ObjectMapper().writer(printer).writeValueAsString(tree) + "\n";
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree of plain nodes is always JSON", impossible);
        }
    }

    private static ObjectNode tree(Report report) {
        RunRecord main = report.main();
        var top = NODES.objectNode();
        top.put("title", report.about().title());
        top.set("scenario", about(report.about()));
        top.put("seed", main.conduct().seed());
        top.put("mode", main.conduct().mode().name());
        top.put("speed", main.conduct().speed());
        top.put("overruns", main.conduct().overruns());
        top.set("worstLagSeconds", seconds(main.conduct().worstLag()));
        top.put("valid", report.isValid());
        top.put("good", report.isGood());
        top.set(
                "flaws",
                texts(
                        report.runs().stream()
                                .map(run -> run.conduct().flaw())
                                .filter(flaw -> !flaw.isEmpty())
                                .toList()));
        top.set("expect", expectation(report.about().expectation()));
        top.set("unmet", texts(report.unmet(main)));
        top.set("shortcomings", texts(report.shortcomings()));
        report.lostAnyway()
                .ifPresentOrElse(
                        lost -> top.put("serversLostAnyway", lost),
                        () -> top.putNull("serversLostAnyway"));
        top.put("room", main.room().map(Object::toString).orElse(""));
        top.set("rooms", texts(main.rooms().stream().map(of -> of.room().value()).toList()));
        top.put("start", main.start().toString());
        var policies = top.putObject("policies");
        for (RunRecord run : report.runs()) {
            policies.set(run.policy().text(), policy(report, run));
        }
        main.telemetry().ifPresent(telemetry -> top.set("telemetry", telemetry(telemetry)));
        top.set("timeline", timeline(main));
        return top;
    }

    static ObjectNode about(Report.About about) {
        return NODES.objectNode()
                .put("title", about.title())
                .put("file", about.file())
                .put("site", about.site())
                .put("grounds", about.isHistory() ? "history" : "assumed")
                .put("source", about.source());
    }

    static ObjectNode expectation(Expectation expected) {
        var node = NODES.objectNode();
        var isolated = node.putArray("isolated");
        for (Expectation.ToIsolate each : expected.isolated()) {
            var one = isolated.addObject().put("room", each.room().value());
            each.by().ifPresent(by -> one.put("bySeconds", by.toSeconds()));
            one.put("beforeFlame", each.isBeforeFlame());
        }
        var failed = node.putArray("failed");
        expected.failed().forEach(room -> failed.add(room.value()));
        return node;
    }

    private static ObjectNode policy(Report report, RunRecord run) {
        var score = Score.of(run);
        List<String> unmet = report.unmet(run);
        var node = NODES.objectNode();
        node.put("asExpected", unmet.isEmpty());
        node.set("unmet", texts(unmet));
        node.put("outcome", run.outcome().name());
        score(node, score);
        node.put("mode", run.conduct().mode().name());
        node.put("valid", run.conduct().isValid());
        story(node, run, run.first());
        var rooms = node.putArray("rooms");
        run.rooms().forEach(of -> rooms.add(room(run, of)));
        node.set("supply", supply(run));
        return node;
    }

    private static ObjectNode room(RunRecord run, OfRoom of) {
        Optional<Dead> dead = Dead.of(run, of.room());
        var node = NODES.objectNode();
        node.put("room", of.room().value());
        node.put("outcome", of.outcome().name());
        at(node, "deadSinceSeconds", run, dead.map(Dead::since));
        dead.ifPresentOrElse(
                known -> node.put("deadBy", known.by().name()), () -> node.putNull("deadBy"));
        at(
                node,
                "flameAtSeconds",
                run,
                run.ledger().fate(of.room()).flatMap(Ledger.RoomFate::flameAt));
        story(node, run, Optional.of(of));
        return node;
    }

    private static void at(ObjectNode node, String name, RunRecord run, Optional<Instant> at) {
        seconds(node, name, at.map(known -> Duration.between(run.start(), known)));
    }

    /** What was found, planned and shown of a room, into a node. */
    private static void story(ObjectNode node, RunRecord run, Optional<OfRoom> of) {
        Optional<RunRecord.ProofShown> proof = of.flatMap(OfRoom::proof);
        node.set("evidence", evidence(run, of.map(OfRoom::evidence).orElse(List.of())));
        of.flatMap(OfRoom::plan).ifPresent(plan -> node.set("plan", plan(run, plan)));
        node.set("proof", proof.map(shown -> proof(run, shown)).orElseGet(NODES::arrayNode));
        node.set("staysLive", texts(proof.map(RunRecord.ProofShown::staysLive).orElse(List.of())));
    }

    /** The figures of a run, into its node. */
    static void score(ObjectNode node, Score score) {
        node.put("serversLost", score.serversLost());
        node.put("serversLostThroughZone", score.lostThroughZone());
        node.put("serversLostElsewhere", score.lostElsewhere());
        node.put("serverMinutesLost", rounded(score.serverMinutesLost()));
        node.put("unbackedServerMinutes", rounded(score.unbackedServerMinutes()));
        seconds(node, "zoneEnergisedAfterWaterSeconds", score.zoneEnergisedAfterWater());
        seconds(node, "secondsToDetect", score.timeToDetect());
        seconds(node, "secondsToIsolate", score.timeToIsolate());
        seconds(node, "secondsToProve", score.timeToProve());
        seconds(node, "leadBeforeRunawaySeconds", score.leadBeforeRunaway());
        seconds(node, "leadBeforeFlameSeconds", score.leadBeforeFlame());
    }

    private static ObjectNode telemetry(Telemetry telemetry) {
        var node =
                NODES.objectNode()
                        .put("answered", telemetry.answered())
                        .put("sampled", telemetry.sampled())
                        .put("waiting", telemetry.waiting());
        var dropped = node.putObject("dropped");
        telemetry.dropped().forEach(dropped::put);
        return node.put("stored", telemetry.stored())
                .put("missing", telemetry.missing())
                .put("missingKeys", telemetry.missingKeys())
                .put("duplicates", telemetry.duplicated())
                .put("refused", telemetry.refused())
                .put("agentKilled", telemetry.wasKilled())
                .put("whole", telemetry.isWhole());
    }

    private static ArrayNode evidence(RunRecord run, List<RunRecord.Evidence> votes) {
        var list = NODES.arrayNode();
        for (RunRecord.Evidence vote : votes) {
            list.addObject()
                    .put("kind", vote.kind())
                    .put("of", vote.of())
                    .put("device", vote.device())
                    .put("gateway", vote.gateway())
                    .put("text", vote.text())
                    .set("sinceSeconds", since(run, vote.since()));
        }
        return list;
    }

    private static ObjectNode plan(RunRecord run, RunRecord.PlanMade plan) {
        var node = NODES.objectNode();
        node.put("id", plan.id());
        node.set("atSeconds", since(run, plan.at()));
        node.put("automatic", plan.isAutomatic());
        node.put("why", plan.why());
        node.put("lossThroughZone", plan.lossThroughZone());
        node.put("lossElsewhere", plan.lossElsewhere());
        node.set("interlocks", texts(plan.interlocks()));
        node.set("rejected", texts(plan.rejected()));
        var steps = node.putArray("steps");
        for (RunRecord.StepDone step : plan.steps()) {
            var one =
                    steps.addObject()
                            .put("number", step.number())
                            .put("breaker", step.breaker().value())
                            .put("result", step.result());
            step.commandedAt().ifPresent(at -> one.set("commandedAtSeconds", since(run, at)));
            step.confirmedAt().ifPresent(at -> one.set("confirmedAtSeconds", since(run, at)));
        }
        return node;
    }

    private static ArrayNode proof(RunRecord run, RunRecord.ProofShown proof) {
        var list = NODES.arrayNode();
        for (RunRecord.OpenBreaker open : proof.positions()) {
            list.addObject()
                    .put("sign", "position")
                    .put("of", open.breaker().value())
                    .put("reads", "OPEN")
                    .set("requestedAtSeconds", since(run, open.requestedAt()));
        }
        for (RunRecord.DeadBusbar dead : proof.busbars()) {
            var one =
                    list.addObject()
                            .put("sign", "busbar voltage")
                            .put("of", dead.busbar().value())
                            .put("reads", rounded(dead.volts()).toPlainString() + " V");
            one.put("volts", rounded(dead.volts()));
            one.set("requestedAtSeconds", since(run, dead.requestedAt()));
        }
        return list;
    }

    private static ArrayNode supply(RunRecord run) {
        var list = NODES.arrayNode();
        for (RunRecord.HallSupply hall : run.supply()) {
            var spans =
                    list.addObject()
                            .put("hall", hall.hall().value())
                            .put("servers", hall.servers())
                            .putArray("spans");
            for (RunRecord.Fed fed : hall.spans()) {
                var span =
                        spans.addObject()
                                .put("feed", fed.feed().name())
                                .put("serversOff", fed.serversOff());
                span.set("fromSeconds", since(run, fed.stretch().from()));
                span.set("toSeconds", since(run, fed.stretch().to()));
            }
        }
        return list;
    }

    /** Truth and decisions in one line of time; at the same instant truth comes first. */
    private static ArrayNode timeline(RunRecord run) {
        var list = NODES.arrayNode();
        int next = 0;
        for (RunRecord.Truth truth : run.truth()) {
            while (next < run.decisions().size()
                    && run.decisions().get(next).at().isBefore(truth.at())) {
                decision(list, run, run.decisions().get(next++));
            }
            var one = list.addObject();
            one.set("atSeconds", since(run, truth.at()));
            one.put("lane", "truth").put("kind", truth.kind());
            truth.room().ifPresent(room -> one.put("room", room.value()));
            one.put("text", truth.text());
        }
        while (next < run.decisions().size()) {
            decision(list, run, run.decisions().get(next++));
        }
        return list;
    }

    private static void decision(ArrayNode list, RunRecord run, RunRecord.Decision made) {
        var one = list.addObject();
        one.set("atSeconds", since(run, made.at()));
        one.put("lane", made.stage().name().toLowerCase(Locale.ROOT)).put("kind", made.kind());
        made.room().ifPresent(room -> one.put("room", room.value()));
        made.breaker().ifPresent(breaker -> one.put("breaker", breaker.value()));
        one.put("text", made.text());
    }

    private static ArrayNode texts(List<String> texts) {
        var list = NODES.arrayNode();
        texts.forEach(list::add);
        return list;
    }

    private static JsonNode since(RunRecord run, Instant at) {
        return seconds(Duration.between(run.start(), at));
    }

    private static JsonNode seconds(Duration length) {
        return NODES.numberNode(rounded(length.toMillis() / 1e3));
    }

    /** A figure that does not exist is null, never 0. */
    private static void seconds(ObjectNode node, String name, Optional<Duration> length) {
        length.ifPresentOrElse(known -> node.set(name, seconds(known)), () -> node.putNull(name));
    }

    static BigDecimal rounded(double number) {
        var stripped =
                BigDecimal.valueOf(number).setScale(3, RoundingMode.HALF_EVEN).stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
