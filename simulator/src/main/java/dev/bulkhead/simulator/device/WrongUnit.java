package dev.bulkhead.simulator.device;

import java.nio.ByteBuffer;
import java.util.function.Supplier;

/** The answer says it is from another unit. */
public record WrongUnit(int unit) implements Fault.OfAnswer {
    @Override
    public Answer answer(Request request, Supplier<Answer> device) {
        return switch (device.get()) {
            case Answer.Frame frame -> {
                byte[] bytes = frame.copy();
                bytes[Request.PREFIX] = (byte) unit;
                yield new Answer.Frame(ByteBuffer.wrap(bytes), frame.after());
            }
            case Answer.Silence silence -> silence;
            case Answer.HangUp hangUp -> hangUp;
        };
    }
}
