package dev.bulkhead.agent;

import dev.bulkhead.rules.site.Document;
import java.io.PrintWriter;
import java.util.Optional;

/** Where a command writes, and what its exit says. */
record Terminal(PrintWriter out, PrintWriter err) {
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

    void complain(String line) {
        err.println(line);
    }

    /** The value of a file, or nothing after all its problems were written. */
    <T> Optional<T> valueOf(Document.Parsed<T> parsed) {
        parsed.lines().forEach(this::complain);
        return parsed.value();
    }
}
