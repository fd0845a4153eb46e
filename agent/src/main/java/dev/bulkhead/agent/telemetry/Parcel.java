package dev.bulkhead.agent.telemetry;

import dev.bulkhead.agent.ledger.Series;
import dev.bulkhead.rules.site.DeviceId;
import java.util.Optional;

/**
 * A sample as it lies in the spool and goes to the broker.
 *
 * @param lines line protocol, one point a line
 */
record Parcel(Series series, long sequence, String lines) {

    /** One text: run, device and sequence in the first line. */
    String text() {
        return series.run() + " " + series.device() + " " + sequence + "\n" + lines;
    }

    static Optional<Parcel> of(String text) {
        int end = text.indexOf('\n');
        if (end < 0) {
            return Optional.empty();
        }
        String[] head = text.substring(0, end).split(" ", -1);
        try {
            return head.length == 3
                    ? Optional.of(
                            new Parcel(
                                    new Series(Long.parseLong(head[0]), new DeviceId(head[1])),
                                    Long.parseLong(head[2]),
                                    text.substring(end + 1)))
                    : Optional.empty();
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }
}
