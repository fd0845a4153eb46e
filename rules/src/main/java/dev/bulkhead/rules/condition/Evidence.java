package dev.bulkhead.rules.condition;

import dev.bulkhead.rules.condition.Instance.MeasureProgram;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a verdict rests on, in words: readings, limits, units, how long. */
final class Evidence {
    private Evidence() {}

    static String of(Evaluator evaluator, Moment at, Verdict verdict, String why) {
        Condition condition = at.instance().condition();
        String head = subject(condition, at.instance().signal().of()) + ": " + condition.title();
        return switch (verdict) {
            case UNKNOWN -> head + ": unknown, " + why;
            case CLEAR -> head + ": clear, " + readings(evaluator, at);
            case BREACHED -> head + ": " + readings(evaluator, at) + lasting(condition);
        };
    }

    private static String subject(Condition condition, Subject subject) {
        return subject instanceof Subject.OfRoom
                ? subject.toString()
                : Grammar.word(condition.of()) + " " + subject;
    }

    private static String readings(Evaluator evaluator, Moment at) {
        List<String> words = new ArrayList<>();
        List<String> said = new ArrayList<>();
        for (MeasureProgram measured : at.instance().programs().measures()) {
            var measure = measured.measure();
            evaluator
                    .number(measured.program(), at)
                    .ifPresent(
                            number ->
                                    words.add(
                                            measure.text()
                                                    + " "
                                                    + unit(Wording.number(number), measure.unit())
                                                    + " (limit "
                                                    + unit(measure.limit(), measure.unit())
                                                    + ")"));
            said.add(measure.text());
        }
        for (Use use : at.instance().condition().when().uses()) {
            if (use instanceof Use.Latest(Role role) && !said.contains(role.text())) {
                words.add(role + " " + latest(at, role));
            }
        }
        return String.join(", ", words);
    }

    private static String latest(Moment at, Role role) {
        try {
            return switch (at.latest(role)) {
                case Double number -> unit(Wording.number(number), role.unit());
                case Boolean isSet -> isSet ? "set" : "not set";
                case Object other -> other.toString();
            };
        } catch (Moment.Missing _) {
            return "not measured";
        }
    }

    private static String unit(String number, String unit) {
        return unit.isEmpty() ? number : number + " " + unit;
    }

    private static String lasting(Condition condition) {
        if (condition.samples() > 1) {
            return ", " + condition.samples() + " samples";
        }
        return condition.dwell().equals(Duration.ZERO)
                ? ""
                : ", for " + Wording.length(condition.dwell());
    }
}
