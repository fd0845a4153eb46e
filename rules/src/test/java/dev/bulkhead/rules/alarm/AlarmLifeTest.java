package dev.bulkhead.rules.alarm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AlarmLifeTest {
    private static final Map<String, AlarmState> BY_LETTER =
            Map.of(
                    "A", AlarmState.NORMAL,
                    "B", AlarmState.UNACKNOWLEDGED,
                    "C", AlarmState.ACKNOWLEDGED,
                    "D", AlarmState.RETURNED_UNACKNOWLEDGED,
                    "E", AlarmState.LATCHED_UNACKNOWLEDGED,
                    "F", AlarmState.LATCHED_ACKNOWLEDGED);

    /** Every state and event; after the slash what a latching alarm does otherwise. */
    @ParameterizedTest
    @CsvSource({
        "A, ALARM, B", "A, RETURN, stay", "A, ACKNOWLEDGE, no", "A, RESET, no",
        "B, ALARM, stay", "B, RETURN, D/E", "B, ACKNOWLEDGE, C", "B, RESET, no",
        "C, ALARM, stay", "C, RETURN, A/F", "C, ACKNOWLEDGE, no", "C, RESET, no",
        "D, ALARM, B", "D, RETURN, stay", "D, ACKNOWLEDGE, A", "D, RESET, no",
        "E, ALARM, B", "E, RETURN, stay", "E, ACKNOWLEDGE, F", "E, RESET, no",
        "F, ALARM, B", "F, RETURN, stay", "F, ACKNOWLEDGE, no", "F, RESET, A"
    })
    void everyEventInEveryState(String from, AlarmEvent event, String expected) {
        String[] plainAndLatching = expected.split("/", -1);
        String plain = plainAndLatching[0];
        String latching = plainAndLatching[plainAndLatching.length - 1];

        assertEquals(plain, letter(AlarmLife.next(state(from), event, false)), "not latching");
        assertEquals(latching, letter(AlarmLife.next(state(from), event, true)), "latching");
    }

    private static AlarmState state(String letter) {
        return BY_LETTER.getOrDefault(letter, AlarmState.NORMAL);
    }

    private static String letter(Transition transition) {
        return switch (transition) {
            case Transition.To(AlarmState state) ->
                    BY_LETTER.entrySet().stream()
                            .filter(entry -> entry.getValue() == state)
                            .findFirst()
                            .orElseThrow()
                            .getKey();
            case Transition.Stay _ -> "stay";
            case Transition.Refused(String why) -> why.isBlank() ? "no reason given" : "no";
        };
    }
}
