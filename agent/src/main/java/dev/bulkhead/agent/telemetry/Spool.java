package dev.bulkhead.agent.telemetry;

import dev.bulkhead.agent.ledger.Keys;
import dev.bulkhead.agent.ledger.Ledger;
import dev.bulkhead.agent.ledger.Ledger.Reason;
import dev.bulkhead.agent.ledger.LedgerText;
import dev.bulkhead.agent.ledger.Series;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
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
 * kill the ledger is that of the file plus what the files of parcels hold beyond it. The monitor
 * guards everything: one thread appends, one sends, and acknowledgements come from a third.
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
            return segment.isGone() || number >= segment.next();
        }

        void move(Segment later) {
            segment = later;
            number = later.first();
            position = 0;
        }

        Optional<Segment.Found> next() throws IOException {
            Optional<Segment.Found> found = Optional.ofNullable(fresh.get(number));
            if (found.isEmpty()) {
                found = segment.at(position);
            }
            // What was written here and can't be read any more is found out at the next start.
            number = found.map(Segment.Found::number).orElse(segment.next() - 1) + 1;
            position = found.map(Segment.Found::after).orElse(position);
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
                for (Optional<Segment.Found> found = segment.at(0);
                        found.isPresent();
                        found = segment.at(segment.end())) {
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
                        segment.isAwaiting(1);
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

    private Segment active() {
        return segments.lastEntry().getValue();
    }

    /** Lays a sample down, or counts it as dropped. Waits for nothing but the disk. */
    synchronized void append(Parcel parcel) {
        makeRoom();
        boolean mayDrop = true;
        while (true) {
            try {
                keepFresh(active().append(parcel));
                ledger.spooled(parcel.series(), parcel.sequence());
                notifyAll();
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
    synchronized void dropped(Reason reason, Keys keys) {
        ledger.neverSpooled(reason, keys);
    }

    private void makeRoom() {
        if (active().end() >= Math.min(LARGEST_SEGMENT_BYTES, quotaBytes / SEGMENTS)) {
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
        Cursor cursor = at(oldest);
        try {
            while (!cursor.isDone()) {
                cursor.next()
                        .map(Segment.Found::parcel)
                        .filter(one -> ledger.isWaiting(one.series(), one.sequence()))
                        .ifPresent(one -> ledger.dropped(reason, one.series(), one.sequence()));
            }
        } catch (IOException unreadable) {
            fails(unreadable);
        }
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
    synchronized void again() {
        sent.clear();
        live = behind(active());
        backlog = at(segments.firstEntry().getValue());
    }

    /**
     * What to send next: what is new, else what has waited longest. Empty if there is nothing
     * within the limit, or if so much is under way already that the next must wait.
     *
     * @param window how many may be under way
     */
    synchronized Optional<Outgoing> take(int window, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            if (sent.size() < window) {
                Optional<Outgoing> next = read(live).or(() -> read(backlog));
                if (next.isPresent()) {
                    return next;
                }
            }
            long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            if (left <= 0) {
                return Optional.empty();
            }
            wait(left);
        }
    }

    private Optional<Outgoing> read(Cursor cursor) {
        try {
            while (true) {
                if (cursor.isDone()) {
                    Map.Entry<Long, Segment> later = segments.higherEntry(cursor.segment.first());
                    if (later == null) {
                        return Optional.empty();
                    }
                    cursor.move(later.getValue());
                } else {
                    Optional<Outgoing> outgoing =
                            cursor.next().filter(this::isToBeSent).map(this::send);
                    if (outgoing.isPresent()) {
                        return outgoing;
                    }
                }
            }
        } catch (IOException unreadable) {
            fails(unreadable);
            return Optional.empty();
        }
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
    synchronized void acknowledged(long number) {
        Optional.ofNullable(sent.remove(number))
                .ifPresent(
                        one -> {
                            ledger.acknowledged(one.series(), one.sequence());
                            one.segment().isAwaiting(-1);
                            notifyAll();
                        });
    }

    /** Waits until everything is acknowledged, at most so long. */
    synchronized void awaitEmpty(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (ledger.waitingCount() > 0) {
            long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            if (left <= 0) {
                return;
            }
            wait(left);
        }
    }

    /** How many are under way. */
    synchronized int sent() {
        return sent.size();
    }

    synchronized long waiting() {
        return ledger.waitingCount();
    }

    /** The latest run there is a sample of; 0 if none. */
    synchronized long lastRun() {
        return ledger.runs().isEmpty() ? 0 : ledger.runs().getLast();
    }

    /** How many samples were dropped so far, for whatever reason. */
    synchronized long dropped() {
        return ledger.droppedCount();
    }

    /**
     * Makes what was appended outlive a power cut, writes the ledger, and lets go of files whose
     * samples have all been acknowledged; in this order, so that the ledger never knows less than
     * what was let go of.
     */
    synchronized void settle() {
        try {
            active().sync();
            folder.replace(LEDGER, LedgerText.write(ledger));
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
                .filter(segment -> segment.waiting() == 0)
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
    public synchronized void close() {
        settle();
        for (Segment segment : segments.values()) {
            try {
                segment.close();
            } catch (IOException stuck) {
                fails(stuck);
            }
        }
    }
}
