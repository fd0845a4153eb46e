package dev.bulkhead.agent.modbus;

import dev.bulkhead.agent.AgentTime;
import dev.bulkhead.rules.site.Courtesy;
import dev.bulkhead.rules.site.Gateway;
import dev.bulkhead.rules.site.Link;
import dev.bulkhead.rules.site.SerialLine;
import java.time.Duration;
import java.util.SplittableRandom;

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
 * @param pauseAfterConnect before the first request; may be zero
 * @param pauseBetweenRequests from an answer to the next request; may be zero
 */
public record LinkTimings(
        Duration fastInterval,
        Duration slowInterval,
        Duration requestTimeout,
        Duration connectTimeout,
        Duration backoffFirst,
        Duration backoffCap,
        Duration silenceAfter,
        Duration pauseAfterConnect,
        Duration pauseBetweenRequests) {
    /**
     * A device server and a USB adapter hand on what came over a line as much as 16 ms later: the
     * latency timer of FTDI's chips, unless it was changed.
     */
    private static final Duration ADAPTER = Duration.ofMillis(16);

    /**
     * With TLS 1.3 a connection stands before the other side has looked at our certificate. What it
     * says of it is lost if a request crosses it on the way.
     */
    private static final Duration VERDICT = Duration.ofMillis(100);

    /** Of a line that is behind a network, the speed isn't known; few are slower than 9600 baud. */
    private static final Duration SILENCE_BEHIND_NETWORK = Duration.ofNanos(4_010_417);

    /** The longest frame of a serial line: Modbus over serial line 1.02, section 2.5.1. */
    private static final int LONGEST_FRAME = 256;

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
        if (pauseAfterConnect.isNegative() || pauseBetweenRequests.isNegative()) {
            throw new IllegalArgumentException("a pause is not negative");
        }
    }

    /** Timings of a link that needs no pauses. */
    public LinkTimings(
            Duration fastInterval,
            Duration slowInterval,
            Duration requestTimeout,
            Duration connectTimeout,
            Duration backoffFirst,
            Duration backoffCap,
            Duration silenceAfter) {
        this(
                fastInterval,
                slowInterval,
                requestTimeout,
                connectTimeout,
                backoffFirst,
                backoffCap,
                silenceAfter,
                Duration.ZERO,
                Duration.ZERO);
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
                silenceAfter.minus(requestTimeout).plus(request),
                pauseAfterConnect,
                pauseBetweenRequests);
    }

    /**
     * The same with the pauses that a gateway and its framing need; and on a serial line, with the
     * time that the longest request and answer take on it.
     */
    public LinkTimings forGateway(Gateway gateway) {
        Courtesy courtesy = gateway.courtesy();
        Duration silence =
                switch (gateway.link()) {
                    case Link.Tcp _, Link.Tls _ -> Duration.ZERO;
                    case Link.RtuOverTcp _, Link.AsciiOverTcp _ -> SILENCE_BEHIND_NETWORK;
                    case Link.Serial serial -> serial.line().silence();
                };
        Duration onLine =
                switch (gateway.link()) {
                    case Link.Rtu(SerialLine line) -> line.time(2 * LONGEST_FRAME);
                    case Link.Ascii(SerialLine line) -> line.time(4 * LONGEST_FRAME);
                    case Link.Networked _ -> Duration.ZERO;
                };
        Duration settling =
                switch (gateway.link()) {
                    case Link.Tcp _ -> Duration.ZERO;
                    case Link.Tls _ -> VERDICT;
                    case Link.RtuOverTcp _, Link.AsciiOverTcp _, Link.Serial _ ->
                            silence.plus(ADAPTER);
                };
        LinkTimings timings = within(requestTimeout.plus(onLine), connectTimeout);
        return new LinkTimings(
                fastInterval,
                slowInterval,
                timings.requestTimeout,
                connectTimeout,
                backoffFirst,
                backoffCap,
                timings.silenceAfter,
                longer(courtesy.pauseAfterConnect(), settling),
                longer(courtesy.pauseBetweenRequests(), silence));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
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
                silenceAfter.plus(time.agent(requestTimeout)).minus(requestTimeout),
                time.agent(pauseAfterConnect),
                time.agent(pauseBetweenRequests));
    }

    /**
     * The wait before a device is asked again for a value it refused {@code refusals} times: short
     * at first, since a device that starts refuses much, and never longer than a dead one waits.
     */
    Duration askAgain(int refusals) {
        Duration wait = fastInterval.multipliedBy(1L << Math.clamp(refusals - 1, 0, 20));
        return wait.compareTo(backoffCap) < 0 ? wait : backoffCap;
    }

    /**
     * The wait after {@code failures} in a row: {@code first}, doubled each time up to the cap,
     * less up to a quarter, so that those who failed together don't come back together. How much
     * less follows from who waits, and is the same each time.
     */
    Duration backoff(Duration first, int failures, String who) {
        // 2^20 of anything positive that matters is past the cap, and doesn't overflow.
        Duration wait = first.multipliedBy(1L << Math.min(failures - 1, 20));
        Duration most = wait.compareTo(backoffCap) < 0 ? wait : backoffCap;
        long quarter = most.toNanos() / 4;
        return most.minusNanos(
                new SplittableRandom(31L * who.hashCode() + failures).nextLong(quarter + 1));
    }
}
