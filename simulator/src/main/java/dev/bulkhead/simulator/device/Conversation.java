package dev.bulkhead.simulator.device;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Requests of one client and their answers, one after the other, as on a serial bus: a late answer
 * holds up those behind it. One thread at a time.
 *
 * @param end when it is down, nothing is sent any longer
 */
record Conversation(
        DataInputStream in,
        OutputStream out,
        Framing framing,
        Answering answering,
        CountDownLatch end) {

    /** Waits for a request and answers it; false: there is no going on. */
    boolean exchange() throws IOException, InterruptedException {
        Optional<ByteBuffer> request = framing.request(in);
        return request.isPresent()
                && switch (answering.answer(request.get())) {
                    case Answer.Frame frame -> send(frame);
                    case Answer.Silence _ -> true;
                    case Answer.HangUp _ -> false;
                };
    }

    /** Sends an answer when it is due. */
    private boolean send(Answer.Frame frame) throws IOException, InterruptedException {
        byte[] bytes = framing.bytes(frame.copy());
        Duration paced = frame.pace().multipliedBy(frame.bytes().remaining() - 1L);
        if (isEndWithin(frame.after().minus(paced))) {
            return false;
        }
        if (paced.isZero()) {
            out.write(bytes);
            return true;
        }
        for (int at = 0; at < bytes.length; at++) {
            if (at > 0 && isEndWithin(frame.pace())) {
                return false;
            }
            out.write(bytes[at]);
        }
        return true;
    }

    private boolean isEndWithin(Duration time) throws InterruptedException {
        return end.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }
}
