package dev.bulkhead.simulator.terminal;

import java.time.Instant;

/**
 * How things stand.
 *
 * @param speed plant seconds per real second
 * @param rooms levels worth saying, as in "A1 FAILING · 7 rooms NORMAL"
 * @param supply UPS and halls, as in "16 UPS on inverter · 8 of 8 halls on two feeds"
 * @param open breakers of the plan that were read open
 * @param steps of the plan; 0 while there is none
 */
public record Status(Instant at, double speed, String rooms, String supply, int open, int steps) {
    public Status {
        if (open < 0 || open > steps) {
            throw new IllegalArgumentException(open + " of " + steps + " breakers");
        }
    }
}
