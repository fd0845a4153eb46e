package dev.bulkhead.agent.modbus;

import dev.bulkhead.agent.modbus.Pdu.Frame;
import dev.bulkhead.rules.guard.Leaves;
import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.Profile.Table;
import dev.bulkhead.rules.profile.ProfileFile;
import dev.bulkhead.rules.site.Document;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;

/** What holds of our parsers for any bytes at all; whoever makes the bytes up. */
public enum Fuzzed {
    /** Modbus TCP. The first byte chooses what was asked; the others came in answer. */
    FRAMES {
        @Override
        void check(byte[] input) {
            checkAnswer(input, new Framing.Mbap(), Dialect.MBAP, answer -> answer.from(6));
        }
    },

    /** The same on a serial line. */
    RTU {
        @Override
        void check(byte[] input) {
            checkAnswer(input, new Framing.Rtu(), Dialect.RTU, answer -> answer);
        }
    },

    /** The same in hexadecimal digits. */
    ASCII {
        @Override
        void check(byte[] input) {
            checkAnswer(
                    input,
                    new Framing.Ascii(),
                    Dialect.ASCII,
                    answer ->
                            Bytes.ofHex(
                                    new String(answer.from(1).toArray(), StandardCharsets.US_ASCII)
                                            .strip()));
        }
    },

    /** A register map's file. */
    PROFILES {
        @Override
        void check(byte[] input) {
            String text = new String(input, StandardCharsets.UTF_8);
            Document.Parsed<Profile> parsed = ProfileFile.parse("fuzzed.yaml", text);
            demand(
                    parsed.lines().stream().allMatch(line -> line.startsWith("fuzzed.yaml")),
                    "a problem without its place: " + parsed.lines());
        }
    };

    static final int TRANSACTION = 0x1234;

    static final List<Exchange> ASKED =
            List.of(
                    new Exchange.ReadRegisters(6, Table.HOLDING, 0, 3),
                    new Exchange.ReadRegisters(6, Table.INPUT, 100, 1),
                    new Exchange.ReadRegisters(255, Table.HOLDING, 0, 125),
                    new Exchange.ReadBits(2, Table.DISCRETE, 16, 9),
                    new Exchange.ReadBits(2, Table.COIL, 0, 2000),
                    new Exchange.WriteCoil(
                            6, 1, Bench.breaker(1), Leaves.leave("Q1", Bench.START)));

    /**
     * @throws AssertionError if something doesn't hold; whatever else it throws is a bug too
     */
    abstract void check(byte[] input);

    /**
     * @param body of a right answer, from the unit on
     */
    private static void checkAnswer(
            byte[] input, Framing framing, Dialect dialect, UnaryOperator<Bytes> body) {
        if (input.length == 0) {
            return;
        }
        Exchange exchange = ASKED.get((input[0] & 0xFF) % ASKED.size());
        Bytes request = framing.request(TRANSACTION, exchange);
        int function = Pdu.request(exchange).at(0);
        Bytes all = Bytes.of(input).slice(1, input.length);
        Frame whole = framing.answer(all, request, exchange);
        switch (whole) {
            case Frame.Values(Image image) -> {
                String right = right(function, exchange, image, body.apply(all));
                demand(framed(dialect, exchange, right).equals(all), "wrong bytes gave values");
            }
            case Frame.Exceptional(int code) -> {
                String right = BenchUnits.hex(function | 0x80, 2) + BenchUnits.hex(code, 2);
                demand(framed(dialect, exchange, right).equals(all), "wrong bytes refused");
            }
            case Frame.Echo _ -> demand(request.equals(all), "wrong bytes were an echo");
            case Frame.Partial _, Frame.Broken _ -> {}
        }
        checkPrefixes(all, whole, request, exchange, framing);
    }

    private static Bytes framed(Dialect dialect, Exchange exchange, String pdu) {
        return dialect.answer(BenchUnits.frame(TRANSACTION, exchange.unit(), pdu));
    }

    /** The one answer that says these values, put together by hand. */
    private static String right(int function, Exchange exchange, Image image, Bytes got) {
        var pdu = new StringBuilder(BenchUnits.hex(function, 2));
        if (exchange instanceof Exchange.ReadRegisters) {
            pdu.append(BenchUnits.hex(2 * image.size(), 2));
            for (int i = 0; i < image.size(); i++) {
                pdu.append(BenchUnits.hex(image.at(i), 4));
            }
        } else {
            pdu.append(BenchUnits.hex((image.size() + 7) / 8, 2));
            for (int at = 0; at < image.size(); at += 8) {
                int bits = 0;
                for (int bit = 0; bit < 8 && at + bit < image.size(); bit++) {
                    bits |= image.at(at + bit) << bit;
                }
                // What is past the last bit asked for means nothing, and may be anything.
                int past = at + 8 > image.size() ? (0xFF << (image.size() - at)) & 0xFF : 0;
                pdu.append(BenchUnits.hex(bits | (got.at(3 + at / 8) & past), 2));
            }
        }
        return pdu.toString();
    }

    /** It doesn't matter in what pieces an answer comes. */
    private static void checkPrefixes(
            Bytes all, Frame whole, Bytes request, Exchange exchange, Framing framing) {
        boolean wasBroken = false;
        for (int length = 0; length < all.length(); length++) {
            Frame part = framing.answer(all.slice(0, length), request, exchange);
            wasBroken |= !(part instanceof Frame.Partial);
        }
        demand(!wasBroken || whole instanceof Frame.Broken, "good as a whole and not in pieces");
    }

    private static void demand(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
