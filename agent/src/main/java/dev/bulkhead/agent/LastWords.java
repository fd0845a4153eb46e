package dev.bulkhead.agent;

import ch.qos.logback.classic.LoggerContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where a bug ends up, whatever thread it was in. An agent that lost a part of itself
 * and goes on looks as if it watched. So it says what happened and ends at once; whoever supervises
 * it starts it again, and the journal makes that safe at any instant.
 */
public final class LastWords {
    /** EX_SOFTWARE of sysexits.h. */
    private static final int BUG = 70;

    private static final Logger LOG = LoggerFactory.getLogger(LastWords.class);

    private LastWords() {}

    /** From now on a bug in any thread ends the process with exit code 70. */
    public static void onAnyBug() {
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, bug) -> {
                    LOG.error(
                            "a bug ended thread {}: the agent ends and must be started again",
                            thread.getName(),
                            bug);
                    halt(BUG);
                });
    }

    /** Ends the process at once, shutdown hooks and all, when what was logged is out. */
    static void halt(int code) {
        out();
        Runtime.getRuntime().halt(code);
    }

    /** Lets out what was logged; later lines are lost. */
    static void out() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.stop();
        }
    }
}
