package dev.bulkhead.agent.telemetry;

import dev.bulkhead.agent.ledger.Keys;
import dev.bulkhead.agent.ledger.Ledger;
import dev.bulkhead.agent.ledger.Ledger.Reason;
import dev.bulkhead.agent.ledger.LedgerText;
import dev.bulkhead.agent.ledger.Series;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Samples on their way to the broker, on disk, bounded. What came since the connection was made
 * goes first, what was waiting before it in the pauses; each leaves on its acknowledgement.
 *
 * <pre>
 *   spool/00000000000000000001.spool   parcels, oldest file first; the last one is written to
 *   spool/ledger.json                  which samples there are, as of a second ago at most
 * </pre>
 *
 * <p>At the quota the oldest file goes, and so it does when the disk is full; only if nothing older
 * is left, a new sample is dropped. Each dropped sample is in the ledger with its reason. After a
 * kill the ledger is that of the file plus what the files of parcels hold beyond it. One thread at
 * a time: whoever uses it waits for the disk.
 */
final class Spool implements AutoCloseable {
    static final String LEDGER = "ledger.json";

    /** So that one file less is a small part of what is kept. */
    private static final int SEGMENTS = 16;

    private static final long LARGEST_SEGMENT_BYTES = 16L << 20;

    /** What is under way to the broker. */
    private record Sent(Segment segment, Series series, long sequence) {}

    /** Where something is read next. */
    private final class Cursor {
        private Segment segment;
        private long number;
        private long position;

        private Cursor(Segment segment, long number, long position) {
            this.segment = segment;
            this.number = number;
            this.position = position;
        }

        boolean isDone() {
            return segment.isReadTo(number);
        }

        void move(Segment later) {
            segment = later;
            number = later.first();
            position = 0;
        }

        /** What is here, and on to the next; empty where it can't be read any more. */
        Optional<Segment.Found> next() throws IOException {
            Optional<Segment.Found> found = Optional.ofNullable(fresh.get(number));
            if (found.isEmpty()) {
                found = segment.at(position).filter(one -> one.number() == number);
            }
            found.ifPresent(
                    one -> {
                        number = one.number() + 1;
                        position = one.after();
                    });
            return found;
        }
    }

    /**
     * What was laid down last, for a sender that keeps up: it need not be read back. Longer than
     * any window, and small beside a segment.
     */
    private static final int MOST_FRESH = 500;

    /** So long without a failure, and a disk is said to work again. */
    private static final Duration CALM = Duration.ofSeconds(10);

    /** A parcel to send, and the number to acknowledge it by. */
    record Outgoing(long number, Parcel parcel) {}

    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);

    private final SpoolFolder folder;
    private final long quotaBytes;
    private final Ledger ledger;
    private final NavigableMap<Long, Segment> segments = new TreeMap<>();
    private final Map<Long, Sent> sent = new HashMap<>();
    private final NavigableMap<Long, Segment.Found> fresh = new TreeMap<>();
    private Cursor live;
    private Cursor backlog;
    private boolean isFailing;
    private long failedNanos;

    private Spool(SpoolFolder folder, long quotaBytes, Ledger ledger, boolean isBegunAnew)
            throws IOException {
        this.folder = folder;
        this.quotaBytes = quotaBytes;
        this.ledger = ledger;
        scan(isBegunAnew);
        this.live = behind(active());
        this.backlog = at(segments.firstEntry().getValue());
    }

    /**
     * Opens a spool where the last process left it.
     *
     * @param findings hears what could not be read any more
     * @throws IOException if the folder can't be read or written
     */
    static Spool open(SpoolFolder folder, long quotaBytes, List<String> findings)
            throws IOException {
        Ledger ledger = new Ledger();
        boolean isBegunAnew = false;
        if (folder.names().contains(LEDGER)) {
            try {
                ledger = LedgerText.read(folder.text(LEDGER).orElse(""));
            } catch (LedgerText.Unreadable | CharacterCodingException damaged) {
                isBegunAnew = true;
                findings.add(
                        LEDGER
                                + " can't be read and is begun anew from what lies in the spool: "
                                + damaged.getMessage());
            }
        }
        return new Spool(folder, quotaBytes, ledger, isBegunAnew);
    }

    /**
     * What lies here and is not known to be acknowledged waits; what should be here and isn't was
     * damaged. So was what is missing between the last sample a ledger knows and one that lies
     * here: a file goes only when the ledger knows that all in it is acknowledged, or to make room.
     */
    private void scan(boolean isBegunAnew) throws IOException {
        var lost = ledger.waiting();
        var known = ledger.sampled();
        var news = new Keys();
        long next = 1;
        for (String name : folder.names()) {
            Optional<Long> first = Segment.first(name);
            if (first.isPresent()) {
                Segment segment = Segment.open(folder, first.get());
                segments.put(segment.first(), segment);
                for (Optional<Segment.Found> found = atEnd(segment);
                        found.isPresent();
                        found = atEnd(segment)) {
                    segment.found(found.get());
                    Parcel parcel = found.get().parcel();
                    Series series = parcel.series();
                    boolean isNews = parcel.sequence() > known.getOrDefault(series, 0L);
                    if (isNews) {
                        news.add(series, parcel.sequence());
                    }
                    if (isNews || lost.contains(series, parcel.sequence())) {
                        lost.remove(series, parcel.sequence());
                        ledger.spooled(series, parcel.sequence());
                        segment.isAwaiting(series, parcel.sequence());
                    }
                }
                next = segment.next();
            }
        }
        if (!isBegunAnew) {
            ledger.sampled()
                    .forEach((of, last) -> lost.add(of, known.getOrDefault(of, 0L) + 1, last));
            lost.removeAll(news);
        }
        ledger.droppedAll(Reason.DAMAGED, lost);
        // A new file each time: what a crash left behind the end of the last one stays there.
        if (segments.isEmpty() || !active().isEmpty()) {
            segments.put(next, Segment.open(folder, next));
        }
    }

    /** What can't be read counts as damaged: one bad sector must not keep the spool shut. */
    private Optional<Segment.Found> atEnd(Segment segment) {
        try {
            return segment.at(segment.end());
        } catch (IOException unreadable) {
            fails(unreadable);
            return Optional.empty();
        }
    }

    private Segment active() {
        return segments.lastEntry().getValue();
    }

    /** Lays a sample down, or counts it as dropped. Waits for nothing but the disk. */
    void append(Parcel parcel) {
        makeRoom();
        boolean mayDrop = true;
        while (true) {
            try {
                keepFresh(active().append(parcel));
                ledger.spooled(parcel.series(), parcel.sequence());
                return;
            } catch (IOException full) {
                fails(full);
                // One file is much room. If that doesn't help, it isn't room that is missing, and
                // what waits can perhaps still be sent.
                if (!mayDrop || !dropOldest(Reason.DISK)) {
                    ledger.dropped(Reason.DISK, parcel.series(), parcel.sequence());
                    return;
                }
                mayDrop = false;
            }
        }
    }

    private void keepFresh(Segment.Found found) {
        fresh.put(found.number(), found);
        if (fresh.size() > MOST_FRESH) {
            fresh.pollFirstEntry();
        }
    }

    /** Samples that never got as far as here. */
    void dropped(Reason reason, Keys keys) {
        ledger.neverSpooled(reason, keys);
    }

    private void makeRoom() {
        if (active().end() >= Math.min(LARGEST_SEGMENT_BYTES, quotaBytes / SEGMENTS)
                || active().isDamaged()) {
            begin();
        }
        while (bytes() > quotaBytes && dropOldest(Reason.QUOTA)) {
            // Until it fits.
        }
    }

    /** Begins a new file, if the disk lets it; else the one in use goes on. */
    private void begin() {
        try {
            Segment before = active();
            segments.put(before.next(), Segment.open(folder, before.next()));
            before.sync();
        } catch (IOException full) {
            fails(full);
        }
    }

    private long bytes() {
        return segments.values().stream().mapToLong(Segment::end).sum();
    }

    /** Drops the oldest file; false if nothing is left to drop. */
    private boolean dropOldest(Reason reason) {
        if (segments.size() == 1 && !active().isEmpty()) {
            begin();
        }
        if (segments.size() == 1) {
            return false;
        }
        Segment oldest = segments.firstEntry().getValue();
        ledger.droppedAll(reason, oldest.waiting());
        sent.values().removeIf(one -> one.segment() == oldest);
        remove(oldest);
        return true;
    }

    private void remove(Segment segment) {
        segments.remove(segment.first());
        try {
            segment.delete(folder);
        } catch (IOException stuck) {
            fails(stuck);
        }
    }

    private Cursor at(Segment segment) {
        return new Cursor(segment, segment.first(), 0);
    }

    private Cursor behind(Segment segment) {
        return new Cursor(segment, segment.next(), segment.end());
    }

    /** All that is not acknowledged is to be sent again: the connection it went over is gone. */
    void again() {
        sent.clear();
        live = behind(active());
        backlog = at(segments.firstEntry().getValue());
    }

    /**
     * What to send next: what is new, else what has waited longest. Empty if there is nothing, or
     * if so much is under way already that the next must wait.
     *
     * @param window how many may be under way
     */
    Optional<Outgoing> take(int window) {
        return sent.size() < window ? read(live).or(() -> read(backlog)) : Optional.empty();
    }

    private Optional<Outgoing> read(Cursor cursor) {
        while (true) {
            if (cursor.isDone()) {
                Map.Entry<Long, Segment> later = segments.higherEntry(cursor.segment.first());
                if (later == null) {
                    return Optional.empty();
                }
                cursor.move(later.getValue());
                continue;
            }
            Optional<Segment.Found> found = found(cursor);
            if (found.isEmpty()) {
                isUnreadableFrom(cursor);
            }
            Optional<Outgoing> outgoing = found.filter(this::isToBeSent).map(this::send);
            if (outgoing.isPresent()) {
                return outgoing;
            }
        }
    }

    private Optional<Segment.Found> found(Cursor cursor) {
        try {
            return cursor.next();
        } catch (IOException unreadable) {
            fails(unreadable);
            return Optional.empty();
        }
    }

    /**
     * Where a file can't be read any more it ends, since nothing says where its next parcel begins.
     * What waits behind that is lost, but for what is under way.
     */
    private void isUnreadableFrom(Cursor damage) {
        Keys lost = damage.segment.waiting();
        Cursor before = at(damage.segment);
        while (before.number < damage.number) {
            Optional<Segment.Found> good = found(before);
            if (good.isEmpty()) {
                break;
            }
            lost.remove(good.get().parcel().series(), good.get().parcel().sequence());
        }
        sent.values().forEach(one -> lost.remove(one.series(), one.sequence()));
        damage.segment.isReadableTo(damage.number, lost);
        ledger.droppedAll(Reason.DAMAGED, lost);
        LOG.warn(
                "telemetry: {} of the spool can't be read from byte {} on: {} samples are lost",
                damage.segment.name(),
                damage.position,
                lost.count());
    }

    private boolean isToBeSent(Segment.Found found) {
        Parcel parcel = found.parcel();
        return ledger.isWaiting(parcel.series(), parcel.sequence())
                && !sent.containsKey(found.number());
    }

    private Outgoing send(Segment.Found found) {
        Segment segment = segments.floorEntry(found.number()).getValue();
        Parcel parcel = found.parcel();
        sent.put(found.number(), new Sent(segment, parcel.series(), parcel.sequence()));
        return new Outgoing(found.number(), parcel);
    }

    /** The broker has it. Of one that isn't under way any more this means nothing. */
    void acknowledged(long number) {
        Optional.ofNullable(sent.remove(number))
                .ifPresent(
                        one -> {
                            ledger.acknowledged(one.series(), one.sequence());
                            one.segment().isAwaitingNoMore(one.series(), one.sequence());
                        });
    }

    /** How many are under way. */
    int sent() {
        return sent.size();
    }

    long waiting() {
        return ledger.waitingCount();
    }

    /** The latest run there is a sample of; 0 if none. */
    long lastRun() {
        return ledger.runs().isEmpty() ? 0 : ledger.runs().getLast();
    }

    /** How many samples were dropped so far, for whatever reason. */
    long dropped() {
        return ledger.droppedCount();
    }

    /**
     * Makes what was appended outlive a power cut, writes the ledger, and lets go of files whose
     * samples have all been acknowledged; in this order, so that the ledger never knows less than
     * what was let go of.
     *
     * @param asOf now, by the wall clock
     */
    void settle(Instant asOf) {
        try {
            active().sync();
            folder.replace(LEDGER, LedgerText.write(ledger, Optional.of(asOf)));
        } catch (IOException full) {
            fails(full);
            return;
        }
        boolean isCalm = System.nanoTime() - failedNanos > CALM.toNanos();
        if (isFailing && isCalm) {
            isFailing = false;
            LOG.info(
                    "telemetry: the spool can be written again; {} samples were dropped so far",
                    dropped());
        }
        List.copyOf(segments.headMap(active().first()).values()).stream()
                .filter(segment -> !segment.isWaiting())
                .forEach(this::remove);
    }

    private void fails(IOException why) {
        failedNanos = System.nanoTime();
        if (!isFailing) {
            isFailing = true;
            LOG.warn(
                    "telemetry: the spool fails ({}): the oldest samples are dropped and counted;"
                            + " watching and deciding go on",
                    why.getMessage());
        }
    }

    @Override
    public void close() {
        for (Segment segment : segments.values()) {
            try {
                segment.close();
            } catch (IOException stuck) {
                fails(stuck);
            }
        }
    }
}
