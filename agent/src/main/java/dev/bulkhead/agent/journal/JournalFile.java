package dev.bulkhead.agent.journal;

import dev.bulkhead.agent.disk.Disk;
import dev.bulkhead.agent.disk.Frame;
import dev.bulkhead.rules.Event;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal on disk. Ahead of its end lies a reserve of zeros that were really written, so a disk
 * that others fill stops it only when the reserve is used up. (On file systems that write every
 * block anew, as btrfs and ZFS do, or that compress, zeros reserve nothing: set a quota there.)
 */
public final class JournalFile implements Journal {

    /** What came of opening. */
    public sealed interface Opening {
        /**
         * It is open, and this process is the only one to write it.
         *
         * @param past the events of the runs before, in order
         * @param findings what is not as a clean stop leaves it, in words
         * @param damage why entries after {@code past} can't be read; every append is then refused
         *     and the file left as it is, so no automatic act can begin until a person has looked
         */
        record Opened(
                JournalFile journal,
                List<Event> past,
                List<String> findings,
                Optional<String> damage)
                implements Opening {
            public Opened {
                past = List.copyOf(past);
                findings = List.copyOf(findings);
            }
        }

        /** It can't be used at all: another agent has it, or it can't be read or made. */
        record Refused(String why) implements Opening {}
    }

    /** A journal as read by somebody who doesn't write it. */
    public record Contents(List<Event> events, List<String> findings) {
        public Contents {
            events = List.copyOf(events);
            findings = List.copyOf(findings);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(JournalFile.class);

    /** Written at once while the reserve is topped up: a few milliseconds on a slow disk. */
    private static final int STRIDE = 256 << 10;

    /** A reader that meets a write in progress looks again this often before it believes it. */
    private static final int LOOKS = 3;

    /**
     * The files this process writes. POSIX drops a file's locks when any of the process's
     * descriptors of it is closed, so the lock alone doesn't hold inside one process.
     */
    private static final Set<Path> OPEN_HERE = ConcurrentHashMap.newKeySet();

    private final String name;
    private final Disk disk;
    private final Runnable release;
    private final long reserveBytes;
    private final Optional<String> damage;
    private final EntryCodec codec = new EntryCodec();

    /** Where the next frame goes. */
    private long end;

    /** Up to here a write that failed may have left bytes; at least {@code end}. */
    private long doubtful;

    private long allocated;
    private long sequence;
    private boolean isReserveShort;

    private JournalFile(
            String name,
            Disk disk,
            Runnable release,
            long reserveBytes,
            Scan scan,
            Optional<String> damage) {
        this.name = name;
        this.disk = disk;
        this.release = release;
        this.reserveBytes = reserveBytes;
        this.damage = damage;
        this.end = scan.end();
        this.doubtful = scan.tail();
        this.sequence = scan.past().size();
    }

    /**
     * Opens a journal to write it, and makes it where there is none.
     *
     * @param reserveBytes how much is set aside ahead of its end
     */
    public static Opening open(Path path, long reserveBytes) {
        Path real;
        try {
            Path folder = path.toAbsolutePath().getParent();
            if (folder == null) {
                return new Opening.Refused("journal " + path + ": is no file");
            }
            Files.createDirectories(folder);
            real = Files.exists(path) ? path.toRealPath() : folder.toRealPath().resolve(name(path));
        } catch (IOException failed) {
            return new Opening.Refused("journal " + path + ": " + reason(failed));
        }
        if (!OPEN_HERE.add(real)) {
            return new Opening.Refused("journal " + path + ": already open in this process");
        }
        try {
            Opening opening = openLocked(path, real, reserveBytes);
            if (opening instanceof Opening.Refused) {
                OPEN_HERE.remove(real);
            }
            return opening;
        } catch (IOException failed) {
            OPEN_HERE.remove(real);
            return new Opening.Refused("journal " + path + ": " + reason(failed));
        }
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    private static Opening openLocked(Path path, Path real, long reserveBytes) throws IOException {
        Path lockPath = real.resolveSibling(name(real) + ".lock");
        var lockFile = new RandomAccessFile(lockPath.toFile(), "rw");
        Optional<FileLock> lock = tryLock(lockFile);
        if (lock.isEmpty()) {
            String holder = lockFile.readLine();
            lockFile.close();
            return new Opening.Refused(
                    "journal "
                            + path
                            + ": another agent writes it (process "
                            + (holder == null ? "unknown" : holder)
                            + "); two on one journal would undo each other");
        }
        lockFile.setLength(0);
        lockFile.writeBytes(ProcessHandle.current().pid() + "\n");
        Disk disk = Disk.OnFile.open(real);
        try {
            Opening opening =
                    open(path.toString(), disk, () -> release(real, lockFile), reserveBytes);
            syncFolder(real);
            return opening;
        } catch (IOException failed) {
            disk.close();
            lockFile.close();
            throw failed;
        }
    }

    private static Optional<FileLock> tryLock(RandomAccessFile file) throws IOException {
        try {
            return Optional.ofNullable(file.getChannel().tryLock());
        } catch (OverlappingFileLockException _) {
            // Somebody in this process holds it by another way: as taken as any other.
            return Optional.empty();
        }
    }

    private static void release(Path real, RandomAccessFile lockFile) {
        try {
            lockFile.close();
        } catch (IOException failed) {
            LOG.warn("the lock of journal {} can't be let go: {}", real, reason(failed));
        } finally {
            OPEN_HERE.remove(real);
        }
    }

    /** A new file is durable only once its folder is. */
    private static void syncFolder(Path real) throws IOException {
        Path folder = real.getParent();
        if (folder != null) {
            try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Recovers what a disk holds and makes it ready to be written. */
    static Opening.Opened open(String name, Disk disk, Runnable release, long reserveBytes)
            throws IOException {
        Scan scan = Scan.of(disk);
        List<String> findings = new ArrayList<>();
        Optional<String> damage =
                scan.damage()
                        .map(
                                what ->
                                        "journal "
                                                + name
                                                + ": "
                                                + what
                                                + "; nothing is written to it. Move it aside, keep"
                                                + " it, and look at every breaker it names");
        damage.ifPresent(findings::add);
        scan.torn().ifPresent(what -> findings.add("journal " + name + ": " + what));
        var journal = new JournalFile(name, disk, release, reserveBytes, scan, damage);
        if (damage.isEmpty()) {
            journal.prepare(scan.isBlank());
            journal.shortage().ifPresent(findings::add);
        }
        return new Opening.Opened(journal, scan.past(), findings, damage);
    }

    private void prepare(boolean isNew) throws IOException {
        clearDoubtful();
        if (isNew) {
            byte[] header = Scan.HEADER.getBytes(StandardCharsets.US_ASCII);
            disk.write(0, header);
            disk.sync();
            end = header.length;
            doubtful = end;
        }
        allocated = Math.max(end, disk.size());
        topUp(Long.MAX_VALUE);
        disk.sync();
    }

    /** What a disk that is too full leaves of the reserve, in words. */
    private Optional<String> shortage() {
        return isReserveShort
                ? Optional.of(
                        "journal "
                                + name
                                + ": only "
                                + spareBytes()
                                + " of "
                                + reserveBytes
                                + " bytes could be set aside for it")
                : Optional.empty();
    }

    /** How many bytes can be appended even on a full disk. */
    public long spareBytes() {
        return Math.max(0, allocated - end);
    }

    @Override
    public Result append(List<Event> events) {
        if (events.isEmpty()) {
            throw new IllegalArgumentException("an append without events");
        }
        if (damage.isPresent()) {
            return new Result.Failed(damage.get());
        }
        byte[] frame = Frame.encode(sequence + 1, codec.write(events));
        if (frame.length > Frame.LONGEST) {
            return failed("an append of " + frame.length + " bytes is too long");
        }
        try {
            clearDoubtful();
            allocate(end + frame.length);
            doubtful = end + frame.length;
            disk.write(end, frame);
            disk.sync();
        } catch (IOException refused) {
            return failed(reason(refused));
        }
        end += frame.length;
        sequence += events.size();
        topUp(Math.max(STRIDE, 2L * frame.length));
        return new Result.Durable(sequence);
    }

    private Result.Failed failed(String why) {
        return new Result.Failed("journal " + name + ": " + why);
    }

    /**
     * Zeroes what a write that failed, or a crash, left behind the end. Rewriting the same place is
     * also what makes a retry after a failed sync honest: the kernel forgets pages it could not
     * write.
     */
    private void clearDoubtful() throws IOException {
        while (doubtful > end) {
            long from = Math.max(end, doubtful - STRIDE);
            disk.write(from, new byte[(int) (doubtful - from)]);
            disk.sync();
            doubtful = from;
        }
    }

    /** Writes zeros up to this place, so that no frame is ever half on a full disk. */
    private void allocate(long wanted) throws IOException {
        while (allocated < wanted) {
            int more = (int) Math.min(STRIDE, wanted - allocated);
            try {
                disk.write(allocated, new byte[more]);
            } catch (IOException full) {
                allocated = Math.max(allocated, disk.size());
                throw full;
            }
            allocated += more;
        }
    }

    /** Fills the reserve, by no more than this. That it can't is no failure yet. */
    private void topUp(long atMost) {
        long missing = end + reserveBytes - allocated;
        if (missing < Math.min(STRIDE, reserveBytes)) {
            return;
        }
        try {
            allocate(allocated + Math.min(missing, atMost));
            if (isReserveShort) {
                LOG.info("journal {}: its reserve can be filled again", name);
            }
            isReserveShort = false;
        } catch (IOException full) {
            if (!isReserveShort) {
                LOG.warn(
                        "journal {}: its reserve can't be filled ({}); {} bytes are left",
                        name,
                        reason(full),
                        spareBytes());
            }
            isReserveShort = true;
        }
    }

    @Override
    public long lastSequence() {
        return sequence;
    }

    @Override
    public void close() {
        try {
            disk.close();
        } catch (IOException failed) {
            LOG.warn("journal {} can't be closed: {}", name, reason(failed));
        } finally {
            release.run();
        }
    }

    /** Reads a journal, even while an agent writes it, and changes nothing. */
    public static Contents read(Path path) {
        try {
            Scan scan = scan(path);
            for (int look = 1; look < LOOKS && scan.torn().isPresent(); look++) {
                scan = scan(path);
            }
            List<String> findings = new ArrayList<>();
            scan.damage().ifPresent(findings::add);
            scan.torn().ifPresent(findings::add);
            if (scan.isBlank()) {
                findings.add("it is empty: no agent ever finished opening it");
            }
            return new Contents(scan.past(), findings);
        } catch (IOException failed) {
            return new Contents(List.of(), List.of("can't be read: " + reason(failed)));
        }
    }

    private static Scan scan(Path path) throws IOException {
        try (Disk disk = Disk.OnFile.openToRead(path)) {
            return Scan.of(disk);
        }
    }

    private static String reason(IOException failed) {
        if (failed instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        String message = failed.getMessage();
        return message == null ? failed.getClass().getSimpleName() : message;
    }
}
