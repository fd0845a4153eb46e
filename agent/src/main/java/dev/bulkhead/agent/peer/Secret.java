package dev.bulkhead.agent.peer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A password or token that stands in a file of its own, and nowhere else. */
public record Secret(Path file) {
    /** Some editors put one at the beginning of a file. */
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    /**
     * What it is now, without the line end that editors leave.
     *
     * @throws IOException if the file can't be read or is empty, in words for the person who mends
     *     it
     */
    public String read() throws IOException {
        String text;
        try {
            var bytes = ByteBuffer.wrap(SmallFile.read(file));
            text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString().strip();
        } catch (IOException unreadable) {
            throw new IOException("the secret in " + file + " can't be read", unreadable);
        }
        if (text.isEmpty()) {
            throw new IOException("the secret in " + file + " is empty");
        }
        if (text.chars().anyMatch(c -> Character.isISOControl(c) || c == BYTE_ORDER_MARK)) {
            throw new IOException("the secret in " + file + " is not one line of plain text");
        }
        return text;
    }

    /** Never what it is. */
    @Override
    public String toString() {
        return "secret in " + file;
    }
}
