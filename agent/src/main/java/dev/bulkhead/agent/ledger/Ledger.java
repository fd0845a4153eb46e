package dev.bulkhead.agent.ledger;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the agent knows of its samples: how many of each series were taken, which wait in the spool,
 * and which were dropped and why. The others were acknowledged by the broker. One thread at a time.
 */
public final class Ledger {
    /** Why a sample was dropped before the broker had it. */
    public enum Reason {
        /** Samples came faster than they could be laid down. */
        QUEUE,
        /** The spool had reached its quota; the oldest went. */
        QUOTA,
        /** The disk was full or failed. */
        DISK,
        /** What was on the disk can't be read any more. */
        DAMAGED
    }

    /** Older runs are forgotten: a store keeps them no longer than a ledger needs to. */
    private static final int MOST_RUNS = 64;

    private final SortedMap<Series, Long> sampled;
    private final SortedSet<Long> runs = new TreeSet<>();
    private final Keys waiting;
    private final Map<Reason, Keys> dropped = new EnumMap<>(Reason.class);

    public Ledger() {
        this(new TreeMap<>(), new Keys(), Map.of());
    }

    Ledger(SortedMap<Series, Long> sampled, Keys waiting, Map<Reason, Keys> dropped) {
        this.sampled = new TreeMap<>(sampled);
        sampled.keySet().forEach(of -> runs.add(of.run()));
        this.waiting = new Keys(waiting);
        dropped.forEach((reason, keys) -> this.dropped.put(reason, new Keys(keys)));
    }

    /** A sample was decoded and is in the spool. */
    public void spooled(Series of, long sequence) {
        sampled(of, sequence);
        waiting.add(of, sequence);
    }

    /** A sample was decoded and is gone. */
    public void dropped(Reason reason, Series of, long sequence) {
        sampled(of, sequence);
        waiting.remove(of, sequence);
        droppedFor(reason).add(of, sequence);
    }

    /** These were decoded and are gone. */
    public void neverSpooled(Reason reason, Keys keys) {
        keys.series().forEach(of -> sampled(of, keys.last(of)));
        droppedFor(reason).addAll(keys);
    }

    /** These were spooled and are gone. */
    public void droppedAll(Reason reason, Keys keys) {
        waiting.removeAll(keys);
        droppedFor(reason).addAll(keys);
    }

    /** Whether it is in the spool and not acknowledged. */
    public boolean isWaiting(Series of, long sequence) {
        return waiting.contains(of, sequence);
    }

    /** The broker has it. */
    public void acknowledged(Series of, long sequence) {
        waiting.remove(of, sequence);
    }

    private void sampled(Series of, long sequence) {
        sampled.merge(of, sequence, Math::max);
        if (runs.add(of.run())) {
            forgetOldRuns();
        }
    }

    /** Not those of which something waits: forgotten, that would never be sent. */
    private void forgetOldRuns() {
        int tooMany = runs.size() - MOST_RUNS;
        if (tooMany <= 0) {
            return;
        }
        var old = new TreeSet<>(runs);
        old.removeLast();
        waiting.series().forEach(of -> old.remove(of.run()));
        old.stream().limit(tooMany).forEach(this::forget);
    }

    private void forget(long run) {
        runs.remove(run);
        sampled.keySet().removeIf(of -> of.run() == run);
        dropped.values().forEach(keys -> keys.forget(run));
    }

    /** The runs it knows, oldest first. */
    public SortedSet<Long> runs() {
        return new TreeSet<>(runs);
    }

    /** What it knows of some runs. */
    public Ledger ofRuns(Set<Long> runs) {
        var part = new TreeMap<>(sampled);
        part.keySet().removeIf(of -> !runs.contains(of.run()));
        Map<Reason, Keys> gone = new EnumMap<>(Reason.class);
        dropped.forEach((reason, keys) -> gone.put(reason, keys.ofRuns(runs)));
        return new Ledger(part, waiting.ofRuns(runs), gone);
    }

    /** How many samples of each series were decoded: numbers 1 to this. */
    public SortedMap<Series, Long> sampled() {
        return new TreeMap<>(sampled);
    }

    public long sampledCount() {
        return sampled.values().stream().mapToLong(Long::longValue).sum();
    }

    public Keys waiting() {
        return new Keys(waiting);
    }

    public long waitingCount() {
        return waiting.count();
    }

    public Keys dropped(Reason reason) {
        return new Keys(droppedFor(reason));
    }

    public long droppedCount() {
        return dropped.values().stream().mapToLong(Keys::count).sum();
    }

    private Keys droppedFor(Reason reason) {
        return dropped.computeIfAbsent(reason, _ -> new Keys());
    }
}
