package dev.bulkhead.agent.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.agent.ledger.Account.Stored;
import dev.bulkhead.agent.ledger.Ledger.Reason;
import dev.bulkhead.rules.site.DeviceId;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AccountPropertyTest {
    private static final List<Series> SERIES =
            Stream.of("A1-S01-bms", "A1-lfl", "A1-smoke1")
                    .flatMap(
                            device ->
                                    Stream.of(1L, 2L)
                                            .map(run -> new Series(run, new DeviceId(device))))
                    .toList();

    private static final List<Reason> REASONS = List.of(Reason.values());

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 200);
    }

    /**
     * If this fails, samples are counted twice or not at all, and "nothing is lost" means nothing.
     */
    @ParameterizedTest
    @MethodSource("seeds")
    void whatWasSampledIsStoredOrWaitsOrWasDroppedOrIsMissing(long seed)
            throws LedgerText.Unreadable {
        var random = new SplittableRandom(seed);
        var ledger = new Ledger();
        var stored = new Keys();
        var missing = new Keys();
        long sampled = 0;
        for (Series series : SERIES) {
            int count = random.nextInt(60);
            sampled += count;
            for (long sequence = 1; sequence <= count; sequence++) {
                boolean isStored = random.nextInt(3) > 0;
                if (isStored) {
                    stored.add(series, sequence);
                }
                if (isAcknowledged(ledger, series, sequence, random) && !isStored) {
                    missing.add(series, sequence);
                }
            }
        }

        Ledger read = LedgerText.read(LedgerText.write(ledger, Optional.empty()));
        Account account = Account.of(read, new Stored(stored, random.nextInt(3)));

        String context = "seed " + seed + " " + account;
        assertEquals(sampled, account.sampled(), context);
        assertEquals(stored.count(), account.stored(), context);
        assertEquals(missing, account.missing(), context);
        assertEquals(
                account.sampled(),
                account.stored()
                        + account.waiting()
                        + account.droppedCount()
                        + account.missing().count(),
                context);
    }

    /** What becomes of a sample; true if the broker had it in the end. */
    private static boolean isAcknowledged(
            Ledger ledger, Series series, long sequence, SplittableRandom random) {
        Reason reason = REASONS.get(random.nextInt(REASONS.size()));
        switch (random.nextInt(5)) {
            case 0 -> ledger.spooled(series, sequence);
            case 1 -> ledger.dropped(reason, series, sequence);
            case 2 -> {
                ledger.spooled(series, sequence);
                var gone = new Keys();
                gone.add(series, sequence);
                ledger.droppedAll(reason, gone);
            }
            default -> {
                ledger.spooled(series, sequence);
                ledger.acknowledged(series, sequence);
                return true;
            }
        }
        return false;
    }
}
