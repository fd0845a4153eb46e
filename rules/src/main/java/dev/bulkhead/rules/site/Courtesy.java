package dev.bulkhead.rules.site;

import java.time.Duration;

/**
 * What a device needs that can't take requests as fast as they come.
 *
 * @param closeAfterPoll whether the connection is closed when nothing is due, so that others get in
 * @param pauseAfterConnect before the first request
 * @param pauseBetweenRequests from an answer to the next request
 */
public record Courtesy(
        boolean closeAfterPoll, Duration pauseAfterConnect, Duration pauseBetweenRequests) {
    public static final Courtesy NONE = new Courtesy(false, Duration.ZERO, Duration.ZERO);

    public Courtesy {
        if (pauseAfterConnect.isNegative() || pauseBetweenRequests.isNegative()) {
            throw new IllegalArgumentException("a pause is not negative");
        }
    }
}
