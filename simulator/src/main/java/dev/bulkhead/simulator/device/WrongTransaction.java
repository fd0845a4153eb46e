package dev.bulkhead.simulator.device;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * The answer says it belongs to another request.
 *
 * @param shift added to the transaction number; -1 looks like the answer to the request before
 */
public record WrongTransaction(int shift) implements Fault.OfAnswer {
    @Override
    public Answer answer(Request request, Instant now, Supplier<Answer> device) {
        return device.get()
                .changed(
                        frame -> {
                            byte[] bytes = frame.copy();
                            int number = request.transaction() + shift;
                            ByteBuffer.wrap(bytes).putShort((short) number);
                            return frame.with(bytes);
                        });
    }
}
