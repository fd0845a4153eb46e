package dev.bulkhead.rules;

import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.signal.Signal;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.Role;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What sensors may say that say anything: any value their role allows, silence, or what is no
 * measurement. Each keeps to its word for some turns, so that what must last does.
 */
public final class Garbage {
    private sealed interface Word {
        record Says(Value value) implements Word {}

        record Silence() implements Word {}

        record Invalid() implements Word {}
    }

    private record Mood(Word word, int turns) {}

    private static final List<Position> POSITIONS = List.of(Position.values());
    private static final int LONGEST_TURNS = 20;

    private final Map<Signal, Mood> moods = new HashMap<>();
    private final SplittableRandom random;

    public Garbage(SplittableRandom random) {
        this.random = random;
    }

    /** One turn of one signal. */
    public void say(TestBoard board, Signal signal) {
        Mood mood = moods.get(signal);
        if (mood == null || mood.turns() == 0) {
            mood = new Mood(word(signal.role()), 1 + random.nextInt(LONGEST_TURNS));
        }
        moods.put(signal, new Mood(mood.word(), mood.turns() - 1));
        switch (mood.word()) {
            case Word.Says(Value value) -> board.measure(signal, value);
            case Word.Silence _ -> board.silence(signal);
            case Word.Invalid _ -> board.invalidate(signal);
        }
    }

    private Word word(Role role) {
        return switch (random.nextInt(10)) {
            case 0 -> new Word.Silence();
            case 1 -> new Word.Invalid();
            default -> new Word.Says(value(role));
        };
    }

    private Value value(Role role) {
        return switch (role.type()) {
            case FLAG -> new Value.Flag(random.nextBoolean());
            case POSITION -> new Value.At(POSITIONS.get(random.nextInt(POSITIONS.size())));
            case NUMBER -> new Value.Quantity(number(role));
        };
    }

    private double number(Role role) {
        double quiet = ((Value.Quantity) TestBoard.quiet(role)).number();
        return switch (random.nextInt(4)) {
            case 0 -> role.low();
            case 1 -> role.high();
            case 2 -> quiet;
            default -> random.nextDouble(role.low(), role.high());
        };
    }
}
