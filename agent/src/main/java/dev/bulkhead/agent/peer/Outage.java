package dev.bulkhead.agent.peer;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says when a server can't be used, each reason once in one outage, and once when it can again. One
 * thread at a time.
 */
public final class Outage {
    private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

    private static final int MOST_SAID = 10;

    private final String who;

    /** Those of this outage that were said; past the first few it is known to be in trouble. */
    private final Set<String> said = new HashSet<>();

    private boolean hasWorked;
    private long sinceNanos;

    /**
     * @param who as a line begins, as in {@code telemetry: broker tcp://10.0.0.7:1883}
     */
    public Outage(String who) {
        this.who = who;
    }

    /** It can't be used now, and why. */
    public void because(String why) {
        if (said.isEmpty()) {
            sinceNanos = System.nanoTime();
        }
        if (said.size() < MOST_SAID && said.add(why)) {
            LOG.warn("{}: {}", who, why);
        }
    }

    /**
     * It can be used.
     *
     * @param how things stand, for the line
     */
    public void isOver(String how) {
        if (!said.isEmpty()) {
            LOG.info(
                    "{}: {}, after {} s; {}",
                    who,
                    hasWorked ? "works again" : "works",
                    Duration.ofNanos(System.nanoTime() - sinceNanos).toSeconds(),
                    how);
        } else if (!hasWorked) {
            LOG.info("{}: connected; {}", who, how);
        }
        hasWorked = true;
        said.clear();
    }
}
