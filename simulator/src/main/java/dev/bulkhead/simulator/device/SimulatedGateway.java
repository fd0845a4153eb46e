package dev.bulkhead.simulator.device;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.Site;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Supplier;

/**
 * A gateway with its units: what Modbus TCP clients talk to. One caller at a time, who also keeps
 * the truth from moving during the call, so that an answer shows one instant.
 */
public final class SimulatedGateway implements ServedGateway {
    private static final int ILLEGAL_FUNCTION = 1;
    private static final int ILLEGAL_ADDRESS = 2;
    private static final int ILLEGAL_VALUE = 3;
    private static final int TARGET_FAILED_TO_RESPOND = 0x0B;

    /** Modbus Application Protocol V1.1b3, 6.1 to 6.4. */
    private static final int MOST_BITS = 2000;

    private static final int MOST_REGISTERS = 125;

    private static final int COIL_ON = 0xFF00;

    private final GatewayId id;
    private final Truth truth;
    private final Map<Integer, UnitImage> units = new LinkedHashMap<>();
    private final SequencedMap<DeviceId, UnitImage> devices = new LinkedHashMap<>();
    private final Map<DeviceId, List<Fault.OfAnswer>> answerFaults = new LinkedHashMap<>();
    private final List<Fault.OfGateway> ownFaults = new ArrayList<>();
    private long answeredPolls;

    SimulatedGateway(GatewayId id, Truth truth) {
        this.id = id;
        this.truth = truth;
    }

    @Override
    public GatewayId id() {
        return id;
    }

    void connect(int unit, UnitImage image) {
        if (units.putIfAbsent(unit, image) != null) {
            throw new IllegalArgumentException("gateway " + id + " has two units " + unit);
        }
        devices.put(image.device(), image);
    }

    /** From now on a device answers so; several such faults act in the order they came. */
    public void inflict(DeviceId device, Fault.OfAnswer fault) {
        Site.known(devices, device);
        answerFaults.computeIfAbsent(device, _ -> new ArrayList<>()).add(fault);
    }

    public void mend(DeviceId device, Fault.OfAnswer fault) {
        answerFaults.getOrDefault(device, new ArrayList<>()).remove(fault);
    }

    /** From now on a device's values are wrong so. */
    public void inflict(DeviceId device, Fault.OfValue fault) {
        Site.known(devices, device).inflict(fault);
    }

    public void mend(DeviceId device, Fault.OfValue fault) {
        Site.known(devices, device).mend(fault);
    }

    /** From now on the whole gateway is wrong so. */
    public void inflict(Fault.OfGateway fault) {
        ownFaults.add(fault);
    }

    public void mend(Fault.OfGateway fault) {
        ownFaults.remove(fault);
    }

    /** What a client gets that has just connected: nothing yet, unless the link is cut. */
    @Override
    public Answer greeting() {
        return ownFaults.stream()
                .map(Fault.OfGateway::answer)
                .filter(Answer.HangUp.class::isInstance)
                .findFirst()
                .orElseGet(Answer.Silence::new);
    }

    @Override
    public Answer answer(ByteBuffer frame, Instant now) {
        if (!ownFaults.isEmpty()) {
            return ownFaults.getFirst().answer();
        }
        Optional<Request> request = Request.in(frame);
        return request.isPresent() ? answer(request.get(), now) : new Answer.Silence();
    }

    private Answer answer(Request request, Instant now) {
        UnitImage unit = units.get(request.unit());
        if (unit == null || !truth.answers(unit.device())) {
            return request.refusal(TARGET_FAILED_TO_RESPOND);
        }
        Supplier<Answer> right = () -> answer(unit, request, now);
        List<Fault.OfAnswer> faults = answerFaults.getOrDefault(unit.device(), List.of());
        if (faults.isEmpty() && unit.isPoll(request)) {
            answeredPolls++;
        }
        for (Fault.OfAnswer fault : faults) {
            Supplier<Answer> before = right;
            right = () -> fault.answer(request, before);
        }
        return right.get();
    }

    /**
     * How many polls were answered as they should be: requests for just what a register map has as
     * one block. An act reads less.
     */
    public long answeredPolls() {
        return answeredPolls;
    }

    private static Answer answer(UnitImage unit, Request request, Instant now) {
        return switch (request.function()) {
            case 1 -> bits(unit, Profile.Table.COIL, request, now);
            case 2 -> bits(unit, Profile.Table.DISCRETE, request, now);
            case 3 -> registers(unit, Profile.Table.HOLDING, request, now);
            case 4 -> registers(unit, Profile.Table.INPUT, request, now);
            case 5 -> coil(unit, request, now);
            default -> request.refusal(ILLEGAL_FUNCTION);
        };
    }

    private static Answer bits(UnitImage unit, Profile.Table table, Request request, Instant now) {
        ByteBuffer data = request.data();
        if (data.remaining() != 4) {
            return request.refusal(ILLEGAL_VALUE);
        }
        int address = Short.toUnsignedInt(data.getShort());
        int count = Short.toUnsignedInt(data.getShort());
        if (count < 1 || count > MOST_BITS) {
            return request.refusal(ILLEGAL_VALUE);
        }
        Optional<int[]> bits = unit.read(table, address, count, now);
        if (bits.isEmpty()) {
            return request.refusal(ILLEGAL_ADDRESS);
        }
        byte[] body = new byte[1 + (count + 7) / 8];
        body[0] = (byte) (body.length - 1);
        for (int at = 0; at < count; at++) {
            body[1 + at / 8] |= (byte) (bits.get()[at] << at % 8);
        }
        return request.answer(body);
    }

    private static Answer registers(
            UnitImage unit, Profile.Table table, Request request, Instant now) {
        ByteBuffer data = request.data();
        if (data.remaining() != 4) {
            return request.refusal(ILLEGAL_VALUE);
        }
        int address = Short.toUnsignedInt(data.getShort());
        int count = Short.toUnsignedInt(data.getShort());
        if (count < 1 || count > MOST_REGISTERS) {
            return request.refusal(ILLEGAL_VALUE);
        }
        Optional<int[]> words = unit.read(table, address, count, now);
        if (words.isEmpty()) {
            return request.refusal(ILLEGAL_ADDRESS);
        }
        ByteBuffer body = ByteBuffer.allocate(1 + 2 * count).put((byte) (2 * count));
        for (int word : words.get()) {
            body.putShort((short) word);
        }
        return request.answer(body.array());
    }

    /** Outputs are pulses: they can be set, and end by themselves. */
    private static Answer coil(UnitImage unit, Request request, Instant now) {
        ByteBuffer data = request.data();
        if (data.remaining() != 4) {
            return request.refusal(ILLEGAL_VALUE);
        }
        int address = Short.toUnsignedInt(data.getShort());
        int value = Short.toUnsignedInt(data.getShort());
        if (value != 0 && value != COIL_ON) {
            return request.refusal(ILLEGAL_VALUE);
        }
        if (!unit.isOutput(address)) {
            return request.refusal(ILLEGAL_ADDRESS);
        }
        if (value == 0) {
            return request.refusal(ILLEGAL_VALUE);
        }
        unit.pulse(address, now);
        byte[] echo = new byte[4];
        request.data().get(echo);
        return request.answer(echo);
    }
}
