package dev.bulkhead.simulator.device;

import java.time.Instant;
import java.util.function.Supplier;

/**
 * The device refuses whatever it is asked.
 *
 * @param code Modbus exception code: 4 device failure, 6 busy, 0x0B no answer behind the gateway
 */
public record ExceptionAnswer(int code) implements Fault.OfAnswer {
    @Override
    public Answer answer(Request request, Instant now, Supplier<Answer> device) {
        return request.refusal(code);
    }
}
