package dev.bulkhead.simulator.device;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.Site;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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

    /** Likewise, 6.11. */
    private static final int MOST_WRITTEN_BITS = 0x7B0;

    /** The unit number that means all. */
    private static final int BROADCAST = 0;

    private final GatewayId id;
    private final Truth truth;

    /** Where each device was put. */
    private final SequencedMap<Integer, UnitImage> units = new LinkedHashMap<>();

    /** Which devices see the requests for an address; of several, by chance one is heard. */
    private final Map<Integer, List<UnitImage>> answering = new LinkedHashMap<>();

    private final SequencedMap<DeviceId, UnitImage> devices = new LinkedHashMap<>();
    private final Map<DeviceId, List<Fault.OfAnswer>> answerFaults = new LinkedHashMap<>();
    private final Map<DeviceId, Replay> replays = new LinkedHashMap<>();
    private final List<Misplaced> misplaced = new ArrayList<>();
    private final List<Fault.OfGateway> ownFaults = new ArrayList<>();
    private long answeredPolls;

    private record Misplaced(DeviceId device, Fault.OfAddress by) {}

    private record Replay(Recording recording, Instant start) {
        private Answer answer(Request request, Instant now) {
            return recording.answer(request, Duration.between(start, now));
        }
    }

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
        answering.put(unit, List.of(image));
    }

    /**
     * Lets the device of a recording's unit answer as it once did, whatever the truth is. Faults of
     * answers and of the gateway befall it as any other, faults of values don't.
     *
     * @param start the instant that the first thing in the recording happens at
     */
    public void replay(Recording recording, Instant start) {
        replays.put(Site.known(units, recording.unit()).device(), new Replay(recording, start));
    }

    /** From now on a device answers so; several such faults act in the order they came. */
    public void inflict(DeviceId device, Fault.OfAnswer fault) {
        Site.known(devices, device);
        answerFaults.computeIfAbsent(device, _ -> new ArrayList<>()).add(fault);
    }

    /** From now on a device's values are wrong so. */
    public void inflict(DeviceId device, Fault.OfValue fault) {
        Site.known(devices, device).inflict(fault);
    }

    /** From now on a device of this gateway, and another one, are where they shouldn't be. */
    public void inflict(DeviceId device, Fault.OfAddress fault) {
        Site.known(devices, device);
        Site.known(devices, fault.with());
        misplaced.add(new Misplaced(device, fault));
        readdress();
    }

    /** From now on the whole gateway is wrong so. */
    public void inflict(Fault.OfGateway fault) {
        ownFaults.add(fault);
    }

    /** Ends a fault of a device that was inflicted so. */
    public void mend(DeviceId device, Fault fault) {
        mend(device, fault::equals);
    }

    /** Ends those faults of a device that are meant. */
    void mend(DeviceId device, Predicate<Fault> which) {
        Site.known(devices, device).mend(which);
        answerFaults.getOrDefault(device, new ArrayList<>()).removeIf(which);
        misplaced.removeIf(each -> each.device().equals(device) && which.test(each.by()));
        readdress();
    }

    /** Ends a fault of the gateway. */
    public void mend(Fault.OfGateway fault) {
        mend(fault::equals);
    }

    /** Ends those faults of the gateway that are meant. */
    void mend(Predicate<Fault> which) {
        ownFaults.removeIf(which);
    }

    private void readdress() {
        answering.clear();
        units.forEach((unit, image) -> answering.put(unit, List.of(image)));
        for (Misplaced each : misplaced) {
            int own = unit(each.device());
            int other = unit(each.by().with());
            List<UnitImage> here = answering.getOrDefault(own, List.of());
            List<UnitImage> there = answering.getOrDefault(other, List.of());
            switch (each.by()) {
                case SwappedDevices _ -> {
                    answering.put(own, there);
                    answering.put(other, here);
                }
                case AddressCollision _ -> {
                    answering.put(own, Stream.of(here, there).flatMap(List::stream).toList());
                    answering.put(other, List.of());
                }
            }
        }
    }

    /** Where a device was put. */
    private int unit(DeviceId device) {
        return units.entrySet().stream()
                .filter(each -> each.getValue().device().equals(device))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    @Override
    public Admission admit(int others) {
        return ownFaults.stream()
                .map(fault -> fault.admit(others))
                .filter(admission -> admission != Admission.TAKEN)
                .findFirst()
                .orElse(Admission.TAKEN);
    }

    @Override
    public Answer answer(ByteBuffer frame, Instant now) {
        Supplier<Answer> answer =
                () ->
                        Request.in(frame)
                                .map(request -> answer(request, now))
                                .orElseGet(Answer.Silence::new);
        for (Fault.OfGateway fault : ownFaults) {
            Supplier<Answer> before = answer;
            answer = () -> fault.answer(frame, now, before);
        }
        return answer.get();
    }

    private Answer answer(Request request, Instant now) {
        if (request.unit() == BROADCAST) {
            return broadcast(request, now);
        }
        List<Answer> answers = new ArrayList<>();
        for (UnitImage unit : answering.getOrDefault(request.unit(), List.of())) {
            if (truth.answers(unit.device())) {
                answers.add(answer(unit, request, now));
            }
        }
        return switch (answers.size()) {
            case 0 -> request.refusal(TARGET_FAILED_TO_RESPOND);
            case 1 -> answers.getFirst();
            default -> heard(answers, request, now);
        };
    }

    /** All do what is written, and none answers; a read has no sense (Serial Line V1.02, 2.1). */
    private Answer broadcast(Request request, Instant now) {
        if (request.isWrite()) {
            answering.values().stream()
                    .flatMap(List::stream)
                    .filter(unit -> truth.answers(unit.device()))
                    .forEach(unit -> answer(unit, request, now));
        }
        return new Answer.Silence();
    }

    /** One of several that answered at once; or what a gateway can't read, and so keeps. */
    private Answer heard(List<Answer> answers, Request request, Instant now) {
        long seed =
                misplaced.stream()
                        .map(Misplaced::by)
                        .filter(AddressCollision.class::isInstance)
                        .mapToLong(fault -> ((AddressCollision) fault).seed())
                        .findFirst()
                        .orElse(0);
        double draw = Chance.draw(seed, request.unit() + " " + request.transaction(), now);
        int choice = (int) (draw * (answers.size() + 1));
        return choice < answers.size() ? answers.get(choice) : new Answer.Silence();
    }

    private Answer answer(UnitImage unit, Request request, Instant now) {
        Replay replay = replays.get(unit.device());
        Supplier<Answer> right =
                () ->
                        replay == null
                                ? rightAnswer(unit, request, now)
                                : replay.answer(request, now);
        List<Fault.OfAnswer> faults = answerFaults.getOrDefault(unit.device(), List.of());
        if (faults.isEmpty() && replay == null && unit.isPoll(request)) {
            answeredPolls++;
        }
        for (Fault.OfAnswer fault : faults) {
            Supplier<Answer> before = right;
            right = () -> fault.answer(request, now, before);
        }
        return right.get();
    }

    /**
     * How many polls were answered as they should be: requests for just what a register map has as
     * one block. An act reads less. Recorded devices aren't counted.
     */
    public long answeredPolls() {
        return answeredPolls;
    }

    private static Answer rightAnswer(UnitImage unit, Request request, Instant now) {
        return switch (request.function()) {
            case 1 -> bits(unit, Profile.Table.COIL, request, now);
            case 2 -> bits(unit, Profile.Table.DISCRETE, request, now);
            case 3 -> registers(unit, Profile.Table.HOLDING, request, now);
            case 4 -> registers(unit, Profile.Table.INPUT, request, now);
            case 5 -> coil(unit, request, now);
            case 15 -> coils(unit, request, now);
            case 0x2B ->
                    unit.identification(request.data())
                            .<Answer>map(request::answer)
                            .orElseGet(() -> request.refusal(ILLEGAL_FUNCTION));
            default -> request.refusal(ILLEGAL_FUNCTION);
        };
    }

    private static Answer bits(UnitImage unit, Profile.Table table, Request request, Instant now) {
        return read(unit, table, request, now, MOST_BITS, SimulatedGateway::bits);
    }

    private static Answer registers(
            UnitImage unit, Profile.Table table, Request request, Instant now) {
        return read(unit, table, request, now, MOST_REGISTERS, SimulatedGateway::registers);
    }

    private static Answer read(
            UnitImage unit,
            Profile.Table table,
            Request request,
            Instant now,
            int most,
            Function<int[], byte[]> encode) {
        ByteBuffer data = request.data();
        if (data.remaining() != 4) {
            return request.refusal(ILLEGAL_VALUE);
        }
        int address = Short.toUnsignedInt(data.getShort());
        int count = Short.toUnsignedInt(data.getShort());
        if (count < 1 || count > most) {
            return request.refusal(ILLEGAL_VALUE);
        }
        return unit.body(table, address, count, now, encode)
                .<Answer>map(request::answer)
                .orElseGet(() -> request.refusal(ILLEGAL_ADDRESS));
    }

    private static byte[] bits(int[] bits) {
        byte[] body = new byte[1 + (bits.length + 7) / 8];
        body[0] = (byte) (body.length - 1);
        for (int at = 0; at < bits.length; at++) {
            body[1 + at / 8] |= (byte) (bits[at] << at % 8);
        }
        return body;
    }

    private static byte[] registers(int[] words) {
        ByteBuffer body = ByteBuffer.allocate(1 + 2 * words.length).put((byte) (2 * words.length));
        for (int word : words) {
            body.putShort((short) word);
        }
        return body.array();
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

    /** All or none: several outputs in one request, in the order of their addresses. */
    private static Answer coils(UnitImage unit, Request request, Instant now) {
        ByteBuffer data = request.data();
        if (data.remaining() < 6) {
            return request.refusal(ILLEGAL_VALUE);
        }
        int address = Short.toUnsignedInt(data.getShort());
        int count = Short.toUnsignedInt(data.getShort());
        int bytes = Byte.toUnsignedInt(data.get());
        if (count < 1
                || count > MOST_WRITTEN_BITS
                || bytes != (count + 7) / 8
                || bytes != data.remaining()) {
            return request.refusal(ILLEGAL_VALUE);
        }
        if (!IntStream.range(address, address + count).allMatch(unit::isOutput)) {
            return request.refusal(ILLEGAL_ADDRESS);
        }
        for (int at = 0; at < count; at++) {
            if ((data.get(data.position() + at / 8) >> at % 8 & 1) == 0) {
                return request.refusal(ILLEGAL_VALUE);
            }
        }
        IntStream.range(address, address + count).forEach(coil -> unit.pulse(coil, now));
        byte[] echo = new byte[4];
        request.data().get(echo);
        return request.answer(echo);
    }
}
