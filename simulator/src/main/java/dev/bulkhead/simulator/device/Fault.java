package dev.bulkhead.simulator.device;

import dev.bulkhead.rules.site.DeviceId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * Something that is wrong with a device or its link, from when it is inflicted to its mending.
 * {@link FaultKind} has them by name.
 */
public sealed interface Fault {

    /** What a device does instead of answering rightly. */
    sealed interface OfAnswer extends Fault
            permits BusyDevice,
                    ExceptionAnswer,
                    GarbageAnswer,
                    LateAnswer,
                    LostAnswer,
                    SilentDevice,
                    SlowAnswer,
                    WordCap,
                    WrongTransaction,
                    WrongUnit {
        /**
         * What comes back.
         *
         * @param device lets the device see the request, act on it and answer rightly; a fault that
         *     keeps the request from the device doesn't ask
         */
        Answer answer(Request request, Instant now, Supplier<Answer> device);
    }

    /** What is wrong with the values of a device that answers punctually. */
    sealed interface OfValue extends Fault
            permits OfNumber,
                    BrokenWire,
                    SentinelValue,
                    SkewedStatus,
                    StuckDevice,
                    StuckValue,
                    TornValue,
                    ZeroFill {}

    /** What is wrong with a number before it is encoded. */
    sealed interface OfNumber extends OfValue, OfPoint permits Drift, Noise, Offset, Spike {
        /**
         * What is shown instead, in the unit of the point's role.
         *
         * @param since how long ago the point was first read with this fault
         */
        double instead(DeviceId device, double number, Duration since, Instant now);
    }

    /** What befalls one point, by its name, qualified inside a group. */
    sealed interface OfPoint extends Fault
            permits OfNumber, BrokenWire, SentinelValue, StuckValue, TornValue {
        String point();
    }

    /** Devices of one gateway that are not where they were put. */
    sealed interface OfAddress extends Fault permits AddressCollision, SwappedDevices {
        /** The other device. */
        DeviceId with();
    }

    /** What is wrong with a gateway, and so with every unit behind it. */
    sealed interface OfGateway extends Fault
            permits CutLink, FrozenGateway, LastMaster, PacketLoss, SingleMaster {
        /**
         * What comes back.
         *
         * @param frame what has come, a request or not
         * @param units lets the units see it, and answer as they do; a fault that keeps it from
         *     them doesn't ask
         */
        default Answer answer(ByteBuffer frame, Instant now, Supplier<Answer> units) {
            return units.get();
        }

        /**
         * What happens to a client that connects.
         *
         * @param others how many are connected already
         */
        default Admission admit(int others) {
            return Admission.TAKEN;
        }
    }
}
