package dev.bulkhead.agent.journal;

import dev.bulkhead.rules.Event;
import java.util.ArrayList;
import java.util.List;

/**
 * A journal without a disk, for runs in which time is simulated. It keeps what a file would keep,
 * line by line, and can stand for a process that dies while it writes.
 */
public final class MemoryJournal implements Journal {

    /** When a crash comes, seen from the entry it is set to. */
    public enum Moment {
        /** The entry, with those appended together with it, is lost. */
        BEFORE_DURABLE,
        /** The entry survives, but nobody was told. */
        AFTER_DURABLE
    }

    /** The process died here. Only whoever set the crash catches it. */
    public static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Crash(long entry, Moment moment) {
            super("crash at entry " + entry + ", " + moment);
        }
    }

    private record CrashPoint(long entry, Moment moment) {}

    private static final CrashPoint NEVER = new CrashPoint(0, Moment.BEFORE_DURABLE);

    private final EntryCodec codec = new EntryCodec();
    private final List<String> lines = new ArrayList<>();
    private CrashPoint crash = NEVER;
    private String failure = "";

    /** Sets one crash, at the entry with this sequence. */
    public void crashAt(long entry, Moment moment) {
        crash = new CrashPoint(entry, moment);
    }

    /** From now on every append fails for this reason. */
    public void fail(String reason) {
        failure = reason;
    }

    /** Appends succeed again. */
    public void mend() {
        failure = "";
    }

    @Override
    public Result append(List<Event> events) {
        if (events.isEmpty()) {
            throw new IllegalArgumentException("an append without events");
        }
        if (!failure.isEmpty()) {
            return new Result.Failed(failure);
        }
        List<String> added = events.stream().map(codec::write).toList();
        boolean isCrash = lines.size() < crash.entry && lines.size() + added.size() >= crash.entry;
        if (!isCrash) {
            lines.addAll(added);
            return new Result.Durable(lines.size());
        }
        if (crash.moment == Moment.AFTER_DURABLE) {
            lines.addAll(added);
        }
        var happens = new Crash(crash.entry, crash.moment);
        crash = NEVER;
        throw happens;
    }

    @Override
    public long lastSequence() {
        return lines.size();
    }

    /** The durable events as their lines. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** The durable events, read back from their lines, as a new process would. */
    public List<Event> past() {
        List<Event> past = new ArrayList<>();
        for (String line : lines) {
            try {
                past.add(codec.read(past.size() + 1L, line));
            } catch (EntryCodec.Unreadable bug) {
                throw new IllegalStateException(bug);
            }
        }
        return List.copyOf(past);
    }

    @Override
    public void close() {
        // Nothing is held: what was appended stays for the next process.
    }
}
