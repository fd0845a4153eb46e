package dev.bulkhead.simulator.score;

import dev.bulkhead.simulator.score.RunRecord.Feed;
import java.util.List;
import java.util.Locale;

/** Numbers and states as people read them. */
final class Words {
    private Words() {}

    /** {@code 32,000 servers}, {@code 1 server}, {@code no server}. */
    static String count(int number, String thing) {
        return switch (Math.min(number, 2)) {
            case 0 -> "no " + thing;
            case 1 -> "1 " + thing;
            default -> number(number) + " " + thing + "s";
        };
    }

    static String number(long number) {
        return number((double) number);
    }

    static String number(double number) {
        return String.format(Locale.ROOT, "%,.0f", number);
    }

    /** {@code a}, {@code a and b}, {@code a, b and c}. */
    static String listed(List<String> items) {
        return items.size() < 2
                ? String.join("", items)
                : String.join(", ", items.subList(0, items.size() - 1)) + " and " + items.getLast();
    }

    static String feed(Feed feed) {
        return switch (feed) {
            case TWO_SOURCES -> "on both feeds";
            case ONE_SOURCE -> "on one feed";
            case OFF -> "servers off";
        };
    }

    static String outcome(Outcome outcome) {
        return switch (outcome) {
            case ISOLATED -> "Isolated, proven";
            case NOT_PROVEN -> "Open, not proven";
            case FAILED -> "Failed";
            case ADVISED -> "Advised only";
            case NONE -> "Not isolated";
        };
    }

    static String capital(String text) {
        return text.isEmpty()
                ? text
                : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
