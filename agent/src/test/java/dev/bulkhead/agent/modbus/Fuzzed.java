package dev.bulkhead.agent.modbus;

import dev.bulkhead.agent.modbus.Pdu.Frame;
import dev.bulkhead.rules.guard.Leaves;
import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.Profile.Table;
import dev.bulkhead.rules.profile.ProfileFile;
import dev.bulkhead.rules.site.Document;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What holds of our parsers for any bytes at all; whoever makes the bytes up. */
public enum Fuzzed {
    /** The first byte chooses what was asked; the others came in answer. */
    FRAMES {
        @Override
        void check(byte[] input) {
            if (input.length == 0) {
                return;
            }
            Exchange exchange = ASKED.get((input[0] & 0xFF) % ASKED.size());
            Bytes request = FRAMING.request(TRANSACTION, exchange);
            Bytes all = Bytes.of(input).slice(1, input.length);
            Frame whole = FRAMING.answer(all, request, exchange);
            if (whole instanceof Frame.Values(Image image)) {
                demand(right(request, exchange, image, all).equals(all), "wrong bytes gave values");
            } else if (whole instanceof Frame.Echo) {
                demand(request.equals(all), "wrong bytes were an echo");
            }
            checkPrefixes(all, whole, request, exchange);
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

    private static final Framing FRAMING = new Framing.Mbap();

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

    /** The one answer that says these values, put together by hand. */
    private static Bytes right(Bytes request, Exchange exchange, Image image, Bytes got) {
        var pdu = new StringBuilder(BenchUnits.hex(request.at(7), 2));
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
                pdu.append(BenchUnits.hex(bits | (got.at(9 + at / 8) & past), 2));
            }
        }
        return BenchUnits.frame(TRANSACTION, exchange.unit(), pdu.toString());
    }

    /** It doesn't matter in what pieces an answer comes. */
    private static void checkPrefixes(Bytes all, Frame whole, Bytes request, Exchange exchange) {
        boolean wasBroken = false;
        for (int length = 0; length < all.length(); length++) {
            Frame part = FRAMING.answer(all.slice(0, length), request, exchange);
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
