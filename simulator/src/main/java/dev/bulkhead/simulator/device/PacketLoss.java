package dev.bulkhead.simulator.device;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * Packets between the gateway and its clients are lost by chance. TCP sends a lost one again, and
 * waits twice as long each time, so that what is asked comes late: the first time by 200 ms, as
 * Linux does (memory; RFC 6298 would have a second). What is lost again and again never comes.
 */
public record PacketLoss(double percent, long seed) implements Fault.OfGateway {
    private static final Duration FIRST_WAIT = Duration.ofMillis(200);

    /** After these a client has given up long ago: they take 13 minutes. */
    private static final int TRIES = 12;

    @Override
    public Answer answer(ByteBuffer frame, Instant now, Supplier<Answer> units) {
        int lostRequests = lost("request " + frame.hashCode(), now);
        if (lostRequests == TRIES) {
            return new Answer.Silence();
        }
        Answer answer = units.get();
        int lostAnswers = lost("answer " + frame.hashCode(), now);
        return lostAnswers == TRIES
                ? new Answer.Silence()
                : answer.changed(it -> it.later(wait(lostRequests).plus(wait(lostAnswers))));
    }

    /** How often in a row a packet is lost. */
    private int lost(String packet, Instant now) {
        int times = 0;
        while (times < TRIES && Chance.draw(seed, packet + " " + times, now) * 100 < percent) {
            times++;
        }
        return times;
    }

    private static Duration wait(int times) {
        return FIRST_WAIT.multipliedBy((1L << times) - 1);
    }
}
