package dev.bulkhead.simulator.device;

import java.time.Instant;
import java.util.function.Supplier;

/** The answer says it is from another unit. */
public record WrongUnit(int unit) implements Fault.OfAnswer {
    @Override
    public Answer answer(Request request, Instant now, Supplier<Answer> device) {
        return device.get()
                .changed(
                        frame -> {
                            byte[] bytes = frame.copy();
                            bytes[Request.PREFIX] = (byte) unit;
                            return frame.with(bytes);
                        });
    }
}
