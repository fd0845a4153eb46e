package dev.bulkhead.simulator.score;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bulkhead.simulator.score.ScoreCard.Cell;
import dev.bulkhead.simulator.score.ScoreCard.NotPlayed;
import dev.bulkhead.simulator.score.ScoreCard.Played;
import dev.bulkhead.simulator.score.ScoreCard.Row;
import java.util.List;
import java.util.OptionalDouble;

/** A score card for programs: the order of its fields is fixed, lengths of time are seconds. */
final class ScoreJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private ScoreJson() {}

    static String of(ScoreCard card) {
        var top = NODES.objectNode().put("seed", card.seed()).put("good", card.isGood());
        top.put("bulkheadPlayed", card.played());
        top.set("unmet", texts(card.unmet()));
        var scenarios = top.putArray("scenarios");
        card.rows().forEach(row -> scenarios.add(row(row)));
        return ReportJson.text(top);
    }

    private static ObjectNode row(Row row) {
        var node = ReportJson.about(row.about());
        node.set("expect", ReportJson.expectation(row.about().expectation()));
        var policies = node.putObject("policies");
        for (Cell cell : row.cells()) {
            policies.set(
                    cell.policy().text(),
                    switch (cell) {
                        case NotPlayed not -> NODES.objectNode().put("notPlayed", not.why());
                        case Played run -> played(row, run);
                    });
        }
        return node;
    }

    private static ObjectNode played(Row row, Played run) {
        var node = NODES.objectNode();
        List<String> unmet = row.unmet(run);
        node.put("asExpected", unmet.isEmpty());
        node.set("unmet", texts(unmet));
        node.put("outcome", run.outcome().name());
        ReportJson.score(node, run.score());
        node.set("falseTrips", texts(run.falseTrips().stream().map(Object::toString).toList()));
        node.set("missedTrips", texts(run.missedTrips().stream().map(Object::toString).toList()));
        node.put("straysOpened", run.strays());
        run.watch()
                .ifPresentOrElse(
                        watch -> node.put("alarms", watch.alarms()), () -> node.putNull("alarms"));
        OptionalDouble share = run.completeness();
        if (share.isPresent()) {
            node.put("telemetryCompleteness", ReportJson.rounded(share.getAsDouble()));
        } else {
            node.putNull("telemetryCompleteness");
        }
        return node.put("command", run.command());
    }

    private static ArrayNode texts(List<String> texts) {
        var list = NODES.arrayNode();
        texts.forEach(list::add);
        return list;
    }
}
