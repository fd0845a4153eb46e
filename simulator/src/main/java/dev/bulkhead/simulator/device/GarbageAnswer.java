package dev.bulkhead.simulator.device;

import java.nio.ByteBuffer;
import java.util.function.Supplier;

/** As many bytes as the right answer has, each of them inverted, the header too. */
public record GarbageAnswer() implements Fault.OfAnswer {
    @Override
    public Answer answer(Request request, Supplier<Answer> device) {
        return switch (device.get()) {
            case Answer.Frame frame -> {
                byte[] bytes = frame.copy();
                for (int at = 0; at < bytes.length; at++) {
                    bytes[at] = (byte) ~bytes[at];
                }
                yield new Answer.Frame(ByteBuffer.wrap(bytes), frame.after());
            }
            case Answer.Silence silence -> silence;
            case Answer.HangUp hangUp -> hangUp;
        };
    }
}
