package dev.bulkhead.simulator.score;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * What became of every sample of a run: the agent's ledger held against the store, key by key, and
 * against the simulator's own count.
 *
 * @param answered polls the simulated devices answered as they should, by their own count
 * @param sampled answered polls the agent decoded
 * @param waiting in the agent's spool at the end
 * @param dropped by the agent, by reason
 * @param stored samples the store has
 * @param missing samples nobody can account for
 * @param missingKeys which these are, for people
 * @param duplicated times a sample is in the store beyond the first
 * @param refused lines the store would not have
 * @param wasKilled the agent was killed: polls answered at that moment died with it
 */
public record Telemetry(
        long answered,
        long sampled,
        long waiting,
        SequencedMap<String, Long> dropped,
        long stored,
        long missing,
        String missingKeys,
        long duplicated,
        long refused,
        boolean wasKilled) {
    public Telemetry {
        dropped = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(dropped));
    }

    public long droppedCount() {
        return dropped.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * Every answered poll is in the store once. Those answered to an agent that was killed before
     * it could lay them down are nobody's.
     */
    public boolean isWhole() {
        return missing == 0
                && duplicated == 0
                && refused == 0
                && waiting == 0
                && droppedCount() == 0
                && stored > 0
                && stored == sampled
                && (wasKilled ? sampled <= answered : sampled == answered);
    }
}
