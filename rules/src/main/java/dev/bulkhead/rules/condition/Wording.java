package dev.bulkhead.rules.condition;

import java.time.Duration;
import java.util.Locale;

/** Numbers and times as people read them. */
final class Wording {
    private Wording() {}

    /** About four digits that mean something: {@code 558}, {@code 24.5}, {@code 3.94}. */
    static String number(double value) {
        double size = Math.abs(value);
        int places = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 3;
        String text = String.format(Locale.ROOT, "%." + places + "f", value);
        String bare = text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
        return bare.equals("-0") ? "0" : bare;
    }

    static String length(Duration length) {
        double seconds = length.toMillis() / 1000.0;
        return seconds >= 120 ? number(seconds / 60) + " min" : number(seconds) + " s";
    }
}
