package dev.bulkhead.agent;

import dev.bulkhead.rules.site.Document;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * Where a command writes, and what its exit says.
 *
 * @param person who can be asked; empty: nobody is there
 */
record Terminal(PrintWriter out, PrintWriter err, Optional<BufferedReader> person) {
    static final int DONE = 0;

    /** The command ran, and what it found is bad. */
    static final int BAD = 1;

    /** {@code EX_USAGE} of sysexits.h: the command line is wrong. */
    static final int USAGE = 64;

    /** {@code EX_SOFTWARE}: a bug. */
    static final int BUG = 70;

    /** {@code EX_CONFIG}: a file is wrong. */
    static final int CONFIGURATION = 78;

    void say(String line) {
        out.println(line);
    }

    /** Says it after all that was said before. */
    void complain(String line) {
        out.flush();
        err.println(line);
    }

    /** Whether the person who is there agrees in so many words. */
    boolean agrees(String question) {
        out.print(question + " Type yes: ");
        out.flush();
        try {
            return "yes".equals(person.orElseThrow().readLine());
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    /** The value of a file, or nothing after all its problems were written. */
    <T> Optional<T> valueOf(Document.Parsed<T> parsed) {
        parsed.lines().forEach(this::complain);
        return parsed.value();
    }
}
