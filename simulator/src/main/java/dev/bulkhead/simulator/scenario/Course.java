package dev.bulkhead.simulator.scenario;

import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.simulator.score.Film;
import dev.bulkhead.simulator.score.Ledger;
import dev.bulkhead.simulator.score.RunRecord.HallSupply;
import dev.bulkhead.simulator.score.RunRecord.Trace;
import dev.bulkhead.simulator.score.RunRecord.Truth;
import java.util.List;
import java.util.Optional;

/**
 * How a scenario truly went, as far as it was played: what every run's record says of the plant.
 *
 * @param room the first that fails; empty if none does
 */
public record Course(
        Optional<RoomId> room,
        List<Truth> truth,
        List<HallSupply> supply,
        List<Trace> traces,
        Ledger ledger,
        Film film) {
    public Course {
        truth = List.copyOf(truth);
        supply = List.copyOf(supply);
        traces = List.copyOf(traces);
    }
}
