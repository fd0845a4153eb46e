package dev.bulkhead.simulator.score;

/** How a run ended for a room; the further down, the worse. */
public enum Outcome {
    /** Every boundary switch reads open and an independent measurement shows the room dead. */
    ISOLATED,
    /** The switches read open; nothing independent shows the room dead. */
    NOT_PROVEN,
    /** Isolation was tried and did not come to its end. */
    FAILED,
    /** A plan was proposed to people; nothing was operated. */
    ADVISED,
    /** No room was isolated and no plan was made. */
    NONE
}
