package dev.bulkhead.simulator.device;

import java.time.Instant;
import java.util.function.Supplier;

/** As many bytes as the right answer has, each of them inverted, the header too. */
public record GarbageAnswer() implements Fault.OfAnswer {
    @Override
    public Answer answer(Request request, Instant now, Supplier<Answer> device) {
        return device.get()
                .changed(
                        frame -> {
                            byte[] bytes = frame.copy();
                            for (int at = 0; at < bytes.length; at++) {
                                bytes[at] = (byte) ~bytes[at];
                            }
                            return frame.with(bytes);
                        });
    }
}
