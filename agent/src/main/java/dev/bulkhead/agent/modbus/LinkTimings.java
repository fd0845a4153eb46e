package dev.bulkhead.agent.modbus;

import dev.bulkhead.agent.AgentTime;
import java.time.Duration;

/**
 * How a link is timed, in agent time.
 *
 * @param fastInterval between polls of what votes, proves or interlocks
 * @param slowInterval between polls of the rest
 * @param requestTimeout from sending a request to its whole answer
 * @param connectTimeout from asking for a connection to having it
 * @param backoffFirst wait after the first failed connection; doubles with each
 * @param backoffCap longest wait before a failing link or unit is tried again
 * @param silenceAfter age of the last answer at which a fast block is silent; a slow block has one
 *     slow interval more
 */
public record LinkTimings(
        Duration fastInterval,
        Duration slowInterval,
        Duration requestTimeout,
        Duration connectTimeout,
        Duration backoffFirst,
        Duration backoffCap,
        Duration silenceAfter) {
    public LinkTimings {
        for (Duration each :
                new Duration[] {
                    fastInterval,
                    slowInterval,
                    requestTimeout,
                    connectTimeout,
                    backoffFirst,
                    backoffCap,
                    silenceAfter
                }) {
            if (!each.isPositive()) {
                throw new IllegalArgumentException(each + " is not a time to wait");
            }
        }
    }

    /**
     * Timings for these intervals (proposal). A TCP device gets 2 s for an answer, the time-out
     * that ended the stale/not-stale flapping of networkupstools/nut#2609. A failing device is
     * tried every 10 s at least, the longest time Korea lets a battery go unmeasured. Silence is
     * two missed fast polls and the time-out of the second.
     */
    public static LinkTimings proposed(Duration fastInterval, Duration slowInterval) {
        Duration requestTimeout = Duration.ofSeconds(2);
        return new LinkTimings(
                fastInterval,
                slowInterval,
                requestTimeout,
                Duration.ofSeconds(3),
                Duration.ofMillis(500),
                Duration.ofSeconds(10),
                fastInterval.multipliedBy(2).plus(requestTimeout));
    }

    /** The same with other time-outs. */
    public LinkTimings within(Duration request, Duration connect) {
        return new LinkTimings(
                fastInterval,
                slowInterval,
                request,
                connect,
                backoffFirst,
                backoffCap,
                silenceAfter.minus(requestTimeout).plus(request));
    }

    /**
     * The same with what waits for a socket stretched, so that it takes as long on the wall however
     * fast agent time runs: the network doesn't run faster.
     */
    public LinkTimings onWall(AgentTime time) {
        return new LinkTimings(
                fastInterval,
                slowInterval,
                time.agent(requestTimeout),
                time.agent(connectTimeout),
                backoffFirst,
                backoffCap,
                silenceAfter.plus(time.agent(requestTimeout)).minus(requestTimeout));
    }

    /** The wait after {@code failures} in a row: {@code first}, doubled each time up to the cap. */
    Duration backoff(Duration first, int failures) {
        // 2^20 of anything positive that matters is past the cap, and doesn't overflow.
        Duration wait = first.multipliedBy(1L << Math.min(failures - 1, 20));
        return wait.compareTo(backoffCap) < 0 ? wait : backoffCap;
    }
}
