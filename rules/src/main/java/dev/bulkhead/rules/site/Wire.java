package dev.bulkhead.rules.site;

import java.util.Optional;

/**
 * What is connected to one terminal of a general-purpose panel.
 *
 * @param isInverted the contact opens to say yes
 * @param span what 4 mA and 20 mA mean, for an analog terminal
 */
public record Wire(String point, Role role, Subject of, boolean isInverted, Optional<Span> span) {
    /** Engineering values at the ends of a 4–20 mA loop. */
    public record Span(double low, double high) {}
}
