package dev.bulkhead.simulator.device;

import java.util.function.Supplier;

/** Something that is wrong with a device or its link, from when it is inflicted to its mending. */
public sealed interface Fault {

    /** What a device does instead of answering rightly. */
    sealed interface OfAnswer extends Fault
            permits ExceptionAnswer,
                    GarbageAnswer,
                    LateAnswer,
                    LostAnswer,
                    SilentDevice,
                    WrongTransaction,
                    WrongUnit {
        /**
         * What comes back.
         *
         * @param device lets the device see the request, act on it and answer rightly; a fault that
         *     keeps the request from the device doesn't ask
         */
        Answer answer(Request request, Supplier<Answer> device);
    }

    /** What is wrong with the values of a device that answers punctually. */
    sealed interface OfValue extends Fault
            permits BrokenWire, SentinelValue, StuckDevice, StuckValue {}

    /** What is wrong with a gateway, and so with every unit behind it. */
    sealed interface OfGateway extends Fault permits CutLink, FrozenGateway {
        Answer answer();
    }
}
