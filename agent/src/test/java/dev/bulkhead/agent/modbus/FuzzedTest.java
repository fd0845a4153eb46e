package dev.bulkhead.agent.modbus;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The corpus, and seeded mutations of it; {@code make fuzz} goes on where this ends. */
final class FuzzedTest {
    private static final int MUTATIONS = 1000;

    @ParameterizedTest
    @EnumSource
    void noBytesAtAllMakeAParserThrowOrBelieveWhatIsNotSo(Fuzzed parser) {
        List<byte[]> corpus = Fuzzer.corpus(parser);
        corpus.forEach(input -> check(parser, input));
        for (long seed = 0; seed < MUTATIONS; seed++) {
            check(parser, mutated(corpus, new SplittableRandom(seed)));
        }
    }

    private static void check(Fuzzed parser, byte[] input) {
        try {
            parser.check(input);
        } catch (RuntimeException | AssertionError | StackOverflowError e) {
            fail(parser + " on " + HexFormat.of().formatHex(input), e);
        }
    }

    /** An input of the corpus with one to four things wrong with it. */
    private static byte[] mutated(List<byte[]> corpus, SplittableRandom random) {
        byte[] input = corpus.get(random.nextInt(corpus.size())).clone();
        for (int i = random.nextInt(1, 5); i > 0 && input.length > 0; i--) {
            int at = random.nextInt(input.length);
            switch (random.nextInt(5)) {
                case 0 -> input[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> input[at] = (byte) random.nextInt(256);
                case 2 -> input = Arrays.copyOf(input, at);
                case 3 -> input = joined(input, at, input, random.nextInt(input.length));
                default -> {
                    byte[] other = corpus.get(random.nextInt(corpus.size()));
                    input = joined(input, at, other, random.nextInt(other.length + 1));
                }
            }
        }
        return input;
    }

    /** The beginning of one and the end of another. */
    private static byte[] joined(byte[] one, int to, byte[] other, int from) {
        byte[] all = Arrays.copyOf(one, to + other.length - from);
        System.arraycopy(other, from, all, to, other.length - from);
        return all;
    }
}
