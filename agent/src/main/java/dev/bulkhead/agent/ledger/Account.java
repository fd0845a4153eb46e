package dev.bulkhead.agent.ledger;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The agent's ledger held against a store, key by key. Each sample counts once: stored, else still
 * waiting in the spool, else dropped for a reason, else missing.
 *
 * @param sampled answered polls that were decoded
 * @param waiting in the spool: the broker has not acknowledged them
 * @param dropped by the reason in lower case, those that are not in the store
 * @param stored those of them the store has
 * @param missing which were acknowledged and are not in the store
 * @param duplicated times a sample is in the store beyond the first
 */
public record Account(
        long sampled,
        long waiting,
        SequencedMap<String, Long> dropped,
        long stored,
        Keys missing,
        long duplicated) {
    public Account {
        dropped = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(dropped));
        missing = new Keys(missing);
    }

    /** What a store has: each sample once, and how often one is there again. */
    public record Stored(Keys keys, long duplicated) {
        public Stored {
            keys = new Keys(keys);
        }
    }

    /** All that the ledger knows. */
    public static Account of(Ledger ledger, Stored stored) {
        return of(ledger, Map.of(), stored);
    }

    /**
     * What the ledger knows from some number of each series on.
     *
     * @param from the first number that is looked at; 1 where a series is not in it
     */
    public static Account of(Ledger ledger, Map<Series, Long> from, Stored stored) {
        var left = new Keys();
        ledger.sampled()
                .forEach((series, last) -> left.add(series, from.getOrDefault(series, 1L), last));
        long sampled = left.count();
        left.removeAll(stored.keys());
        long found = sampled - left.count();
        long waiting = left.countShared(ledger.waiting());
        left.removeAll(ledger.waiting());
        Map<Ledger.Reason, Long> dropped = new EnumMap<>(Ledger.Reason.class);
        for (Ledger.Reason reason : Ledger.Reason.values()) {
            Keys gone = ledger.dropped(reason);
            dropped.put(reason, left.countShared(gone));
            left.removeAll(gone);
        }
        SequencedMap<String, Long> named = new LinkedHashMap<>();
        dropped.forEach((reason, n) -> named.put(reason.name().toLowerCase(Locale.ROOT), n));
        return new Account(sampled, waiting, named, found, left, stored.duplicated());
    }

    public long droppedCount() {
        return dropped.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Every sample is in the store once, or it is known where it is or why it is gone. */
    public boolean isWhole() {
        return missing.count() == 0 && duplicated == 0;
    }
}
