package dev.bulkhead.simulator.device;

import java.nio.ByteBuffer;

/** What answers; called from many threads. */
interface Answering {
    /**
     * What happens to a client that connects.
     *
     * @param others how many are connected already
     */
    Admission admit(int others);

    /** What comes back for one frame. */
    Answer answer(ByteBuffer frame);
}
