package dev.bulkhead.simulator.score;

import dev.bulkhead.simulator.score.Ledger.Loss;
import dev.bulkhead.simulator.score.RunRecord.Decision;
import dev.bulkhead.simulator.score.RunRecord.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How well a run went.
 *
 * @param lostThroughZone servers that lost supply at any time and could be fed only through the
 *     zone
 * @param lostElsewhere servers that lost supply at any time though a way around the zone existed
 * @param serverMinutesLost servers without supply, times minutes, until they were started again or
 *     to the end of the scenario
 * @param zoneEnergisedAfterWater how long the zone stayed live after water was needed
 * @param unbackedServerMinutes servers with fewer than two UPS that have a battery, times minutes
 * @param timeToDetect from the beginning to FAILING, as it was found
 * @param timeToIsolate from the beginning until the zone was dead for good, in truth
 * @param timeToProve from the beginning to the proof of the last room; empty if one is not proven
 * @param leadBeforeRunaway from zone dead to first runaway; negative if that came first
 * @param leadBeforeFlame from zone dead to first flame; negative if that came first
 */
public record Score(
        int lostThroughZone,
        int lostElsewhere,
        double serverMinutesLost,
        double unbackedServerMinutes,
        Optional<Duration> zoneEnergisedAfterWater,
        Optional<Duration> timeToDetect,
        Optional<Duration> timeToIsolate,
        Optional<Duration> timeToProve,
        Optional<Duration> leadBeforeRunaway,
        Optional<Duration> leadBeforeFlame) {

    /** The kind of the decision that finds a room failing. */
    public static final String FAILING = "FAILING";

    public static Score of(RunRecord run) {
        Ledger ledger = run.ledger();
        Optional<Instant> detected =
                run.decisions().stream()
                        .filter(made -> made.stage() == Stage.DETECTION)
                        .filter(made -> made.kind().equals(FAILING))
                        .map(Decision::at)
                        .findFirst();
        return new Score(
                ledger.throughZone(),
                ledger.serversLost() - ledger.throughZone(),
                serverMinutes(ledger),
                ledger.unbackedServerMinutes(),
                ledger.waterNeeded().map(water -> energisedAfter(ledger, water)),
                between(ledger.beganAt(), detected),
                between(ledger.beganAt(), ledger.zoneDeadSince()),
                between(ledger.beganAt(), run.provenAt()),
                between(ledger.zoneDeadSince(), ledger.ranAwayAt()),
                between(ledger.zoneDeadSince(), ledger.flameAt()));
    }

    public int serversLost() {
        return lostThroughZone + lostElsewhere;
    }

    private static double serverMinutes(Ledger ledger) {
        double minutes = 0;
        for (Loss loss : ledger.losses()) {
            Instant until = loss.until().orElse(ledger.end());
            minutes += loss.servers() * (Duration.between(loss.at(), until).toMillis() / 60e3);
        }
        return minutes;
    }

    private static Duration energisedAfter(Ledger ledger, Instant water) {
        return ledger.zoneEnergised().stream()
                .map(live -> live.after(water))
                .reduce(Duration.ZERO, Duration::plus);
    }

    private static Optional<Duration> between(Optional<Instant> from, Optional<Instant> to) {
        return from.flatMap(begin -> to.map(end -> Duration.between(begin, end)));
    }
}
