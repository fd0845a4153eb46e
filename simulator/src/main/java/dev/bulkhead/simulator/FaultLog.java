package dev.bulkhead.simulator;

import dev.bulkhead.simulator.scenario.Incident;
import dev.bulkhead.simulator.scenario.Player;
import java.io.PrintWriter;
import java.time.InstantSource;

/**
 * Says when a fault begins and ends, by the clock, so that a client's own log can be laid beside
 * it.
 */
record FaultLog(PrintWriter err, InstantSource clock) implements Player.Listener {
    @Override
    public void happened(Incident incident) {
        switch (incident) {
            case Incident.Breaks(var affliction) -> say(affliction.mending().words() + " begins");
            case Incident.Mends(var mending) -> say(mending.words() + " ends");
            case Incident.Befalls _, Incident.Approves _, Incident.Dies _, Incident.OfHost _ -> {
                // No fault of what a client talks to.
            }
        }
    }

    @Override
    public void ended() {
        say("the scenario has ended; the plant goes on, and what is broken stays so");
    }

    private void say(String what) {
        err.println(clock.instant() + " " + what);
        err.flush();
    }
}
