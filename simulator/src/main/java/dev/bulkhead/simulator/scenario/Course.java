package dev.bulkhead.simulator.scenario;

import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.simulator.score.Film;
import dev.bulkhead.simulator.score.Ledger;
import dev.bulkhead.simulator.score.RunRecord.HallSupply;
import dev.bulkhead.simulator.score.RunRecord.Trace;
import dev.bulkhead.simulator.score.RunRecord.Truth;
import java.util.List;

/**
 * How a scenario truly went, as far as it was played: what every run's record says of the plant.
 *
 * @param rooms that fail: those that were expected to, and any other that burnt
 */
public record Course(
        List<RoomId> rooms,
        List<Truth> truth,
        List<HallSupply> supply,
        List<Trace> traces,
        Ledger ledger,
        Film film) {
    public Course {
        rooms = List.copyOf(rooms);
        truth = List.copyOf(truth);
        supply = List.copyOf(supply);
        traces = List.copyOf(traces);
    }
}
