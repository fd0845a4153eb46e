package dev.bulkhead.agent.bridge;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines the store refuses, with its reason, a JSON line each, durable before the broker is told
 * that they need not come again. At the quota the file is put aside as {@code <name>.1}, and the
 * one that was there before is gone: the newest of what is refused is what a person needs to see.
 */
final class DeadLetter {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetter.class);
    private static final JsonMapper MAPPER = new JsonMapper();

    private final Path file;
    private final long quotaBytes;
    private final InstantSource clock;
    private long count;

    DeadLetter(Path file, long quotaBytes, InstantSource clock) {
        this.file = file;
        this.quotaBytes = quotaBytes;
        this.clock = clock;
    }

    /**
     * Lays a line down.
     *
     * @throws IOException if it can't be: then the line must not be given up
     */
    void add(String line, String reason) throws IOException {
        var entry = new LinkedHashMap<String, String>();
        entry.put("at", clock.instant().toString());
        entry.put("reason", reason);
        entry.put("line", line);
        byte[] bytes = (MAPPER.writeValueAsString(entry) + "\n").getBytes(StandardCharsets.UTF_8);
        if (Files.exists(file) && Files.size(file) + bytes.length > quotaBytes / 2) {
            Files.move(
                    file,
                    file.resolveSibling(file.getFileName() + ".1"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            append(channel, bytes);
        }
        if (count++ == 0) {
            LOG.warn("the store refuses a point ({}); it and what follows is in {}", reason, file);
        }
    }

    /** Writes all of a line, or leaves the file as it was. */
    private static void append(FileChannel channel, byte[] line) throws IOException {
        long before = channel.size();
        channel.position(before);
        try {
            if (!isAtLineStart(channel, before)) {
                write(channel, new byte[] {'\n'});
            }
            write(channel, line);
            channel.force(true);
        } catch (IOException full) {
            try {
                channel.truncate(before);
            } catch (IOException stuck) {
                full.addSuppressed(stuck);
            }
            throw full;
        }
    }

    /** False where a crash has cut the last line short. */
    private static boolean isAtLineStart(FileChannel channel, long end) throws IOException {
        var last = ByteBuffer.allocate(1);
        return end == 0 || channel.read(last, end - 1) < 1 || last.get(0) == '\n';
    }

    private static void write(FileChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** How many lines were laid down. */
    long count() {
        return count;
    }
}
