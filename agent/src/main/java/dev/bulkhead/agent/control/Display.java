package dev.bulkhead.agent.control;

/** What an agent lets people look at; any thread may, and none waits. */
public interface Display {
    /** Rooms, alarms and plans as of a cycle. */
    View view();

    /** Every signal, as it was last heard. */
    Reply.SeenSignals signals();
}
