package dev.bulkhead.simulator.device;

import java.nio.ByteBuffer;
import java.util.function.Supplier;

/**
 * The answer says it belongs to another request.
 *
 * @param shift added to the transaction number; -1 looks like the answer to the request before
 */
public record WrongTransaction(int shift) implements Fault.OfAnswer {
    @Override
    public Answer answer(Request request, Supplier<Answer> device) {
        return switch (device.get()) {
            case Answer.Frame frame -> {
                byte[] bytes = frame.copy();
                ByteBuffer.wrap(bytes).putShort((short) (request.transaction() + shift));
                yield new Answer.Frame(ByteBuffer.wrap(bytes), frame.after());
            }
            case Answer.Silence silence -> silence;
            case Answer.HangUp hangUp -> hangUp;
        };
    }
}
