package dev.bulkhead.agent.modbus;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.Profile.Block;
import dev.bulkhead.rules.profile.Profile.Encoding;
import dev.bulkhead.rules.profile.Profile.Group;
import dev.bulkhead.rules.profile.Profile.Order;
import dev.bulkhead.rules.profile.Profile.Point;
import dev.bulkhead.rules.profile.Profile.Scaling;
import dev.bulkhead.rules.profile.Profile.Stored;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Signal;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.Device;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What one reading of all its blocks says of a device and its register map, for a person who sets
 * it up. Readings come about as the agent's do; where one doesn't fit, what would make it fit is
 * tried out on the same answers.
 */
public final class Examination {
    /** How a device and its register map agree. */
    public enum Fit {
        RIGHT,
        /** The device says that it has no such value: nothing is wrong, nor is anything shown. */
        NONE,
        WRONG
    }

    /** One thing that was looked at. */
    public record Finding(Fit fit, String words) {
        public static Finding right(String words) {
            return new Finding(Fit.RIGHT, words);
        }

        public static Finding wrong(String words) {
            return new Finding(Fit.WRONG, words);
        }

        public boolean isWrong() {
            return fit == Fit.WRONG;
        }
    }

    private static final String NOT_ANSWERED = "not answered";

    /** A register map may be wrong by powers of ten. */
    private static final List<Double> FACTORS = List.of(0.001, 0.01, 0.1, 10.0, 100.0, 1000.0);

    /** No role is measured as finely, in its unit. */
    private static final double LEAST = 1e-9;

    private final Device device;
    private final Profile profile;
    private final SignalTable signals;
    private final SequencedMap<Block, Answer> answers;
    private final List<Finding> findings = new ArrayList<>();

    private Examination(
            Device device,
            Profile profile,
            SignalTable signals,
            SequencedMap<Block, Answer> answers) {
        this.device = device;
        this.profile = profile;
        this.signals = signals;
        this.answers = answers;
    }

    /**
     * Examines a device.
     *
     * @param answers to its profile's blocks, or to the parts they are read in, of one connection
     */
    public static List<Finding> of(
            Device device,
            Profile profile,
            SignalTable signals,
            SequencedMap<Block, Answer> answers) {
        Profile asRead = profile.readBy(blocks(profile, answers.sequencedKeySet()));
        return new Examination(device, asRead, signals, new LinkedHashMap<>(answers))
                .examine(profile.blocks());
    }

    /** What was asked for, and blocks of which no part was. */
    private static List<Block> blocks(Profile profile, Collection<Block> asked) {
        return Stream.concat(
                        asked.stream(),
                        profile.blocks().stream()
                                .filter(whole -> asked.stream().noneMatch(it -> isOf(it, whole))))
                .toList();
    }

    private static boolean isOf(Block part, Block whole) {
        return part.rate() == whole.rate() && part.extent().isIn(whole);
    }

    private List<Finding> examine(List<Block> asWritten) {
        var decoder = new Decoder(device, profile, signals);
        answers.forEach((block, answer) -> examine(block, answer, decoder.pointsIn(block)));
        asWritten.forEach(this::examineParts);
        if (answers.values().stream().noneMatch(Answer.Values.class::isInstance)) {
            return findings;
        }
        Map<Integer, Reading> readings = readings(decoder);
        Optional<String> problem = decoder.problem();
        problem.ifPresentOrElse(
                what -> wrong(what + shifted()),
                () -> {
                    if (!profile.identities().isEmpty()) {
                        right("it is the device the site means");
                    } else {
                        right("its register map has nothing that proves which device it is");
                    }
                });
        if (problem.isEmpty()) {
            signals.ofDevice(device.id()).forEach(signal -> examine(signal, readings));
            decoder.unused().forEach(this::examine);
        }
        return findings;
    }

    private void right(String words) {
        findings.add(Finding.right(words));
    }

    private void wrong(String words) {
        findings.add(Finding.wrong(words));
    }

    private void examine(Block block, Answer answer, List<String> points) {
        String what = block.extent().toString();
        switch (answer) {
            case Answer.Values(Instant requestedAt, Instant at, Image image) -> {
                long millis = Duration.between(requestedAt, at).toMillis();
                boolean isEmpty =
                        image.size() > 1
                                && IntStream.range(0, image.size()).allMatch(i -> image.at(i) == 0);
                right(
                        "%s answered in %d ms%s"
                                .formatted(
                                        what,
                                        millis,
                                        isEmpty
                                                ? "; all of it is 0, as some answer for what they"
                                                        + " don't have"
                                                : ""));
            }
            case Answer.Refused(var _, int code, String reason) ->
                    wrong(
                            "%s is refused: %s%s; %s"
                                    .formatted(
                                            what,
                                            reason,
                                            points.isEmpty()
                                                    ? ""
                                                    : "; there " + String.join(", ", points),
                                            advice(code, block)));
            case Answer.Lost(var _, String reason) ->
                    wrong(
                            "%s: %s; is the unit right (bulkhead modbus scan), and the gateway's 'link'?"
                                    .formatted(what, reason));
            case Answer.NotSent(var _, String reason) -> wrong("no connection: " + reason);
            case Answer.Written _ -> throw new IllegalArgumentException("nothing was written");
        }
    }

    /** A request may be refused though all that it asks for is there. */
    private void examineParts(Block whole) {
        List<Answer> parts =
                answers.entrySet().stream()
                        .filter(it -> isOf(it.getKey(), whole))
                        .map(Map.Entry::getValue)
                        .toList();
        if (parts.size() > 1 && parts.stream().allMatch(Answer.Values.class::isInstance)) {
            wrong(
                    "%s is refused in one request, and given in %d; may the map say so by"
                                    .formatted(whole.extent(), parts.size())
                            + " unreadable or mostRegisters?");
        }
    }

    /** Of a point without a role nothing is judged. */
    private void examine(String point, Decoder.Unused unused) {
        findings.add(
                new Finding(
                        unused.isValue() ? Fit.RIGHT : Fit.NONE,
                        "%s.%s (no role): %s".formatted(device.id(), point, unused.words())));
    }

    private static String advice(int code, Block block) {
        return switch (code) {
            case 1 -> "is it another table, holding for input?";
            case 2 ->
                    "is the map for another model, of another table (input, holding), or does it"
                            + " count from 1"
                            + (block.address() > 30_000 && block.address() < 50_000
                                    ? ", or with the table in front, where 40001 means holding 0?"
                                    : "?");
            case 3 -> "may it ask for less in one request: mostRegisters?";
            case 10, 11 -> "is this its unit number, and is it on the line?";
            default -> "ask it again, or its manual";
        };
    }

    /** All images first: what proves or scales may stand in any of them. */
    private Map<Integer, Reading> readings(Decoder decoder) {
        var readings = new LinkedHashMap<Integer, Reading>();
        for (int pass = 1; pass <= 2; pass++) {
            long sequence = pass;
            answers.forEach(
                    (block, answer) -> {
                        for (Observation one : observations(decoder, block, answer, sequence)) {
                            readings.put(one.signal(), one.reading());
                        }
                    });
        }
        return readings;
    }

    private static List<Observation> observations(
            Decoder decoder, Block block, Answer answer, long sequence) {
        return answer instanceof Answer.Values(Instant requestedAt, var _, Image image)
                ? decoder.answered(block, image, requestedAt, sequence)
                : decoder.refused(block, NOT_ANSWERED, answer.at(), sequence);
    }

    /** Manuals count registers from 1 as often as from 0. */
    private String shifted() {
        for (int by : new int[] {-1, 1}) {
            if (fits(moved(by)).isPresent()) {
                return "; it fits if every register stands one %s"
                        .formatted(by > 0 ? "higher" : "lower");
            }
        }
        return "";
    }

    private Profile moved(int by) {
        UnaryOperator<Point> move =
                point ->
                        new Point(
                                point.name(),
                                point.table(),
                                Math.max(0, point.address() + by),
                                point.encoding(),
                                point.role());
        return with(move, move);
    }

    private Profile with(UnaryOperator<Point> own, UnaryOperator<Point> repeated) {
        return new Profile(
                profile.id(),
                profile.title(),
                profile.source(),
                profile.blocks(),
                profile.indivisible(),
                profile.points().stream().map(own).toList(),
                profile.groups().stream()
                        .map(
                                group ->
                                        new Group(
                                                group.name(),
                                                group.count(),
                                                group.stride(),
                                                group.coilStride(),
                                                group.points().stream().map(repeated).toList(),
                                                group.outputs()))
                        .toList(),
                profile.identities(),
                profile.heartbeat(),
                profile.models());
    }

    /** What the same answers say by another register map, if they prove the device by it. */
    private Optional<Map<Integer, Reading>> fits(Profile other) {
        try {
            var decoder = new Decoder(device, other, signals);
            Map<Integer, Reading> readings = readings(decoder);
            return decoder.problem().isEmpty() ? Optional.of(readings) : Optional.empty();
        } catch (IllegalArgumentException _) {
            // Moved out of what was read.
            return Optional.empty();
        }
    }

    private void examine(Signal signal, Map<Integer, Reading> readings) {
        Reading reading = readings.get(signal.index());
        String what = "%s (%s)".formatted(signal.id(), signal.role());
        switch (reading) {
            case null -> wrong(what + " is in no block that was answered");
            case Reading.Measured measured -> {
                String words =
                        "%s: %s %s".formatted(what, measured.value(), signal.role().unit()).strip();
                List<String> orders = isTiny(measured) ? orders(signal) : List.of();
                if (orders.isEmpty()) {
                    right(words);
                } else {
                    wrong(words + " is hardly a measurement" + otherwise(orders));
                }
            }
            case Reading.Invalid(var _, var _, String reason) when reason.equals(NOT_ANSWERED) -> {
                // Told with its block.
            }
            case Reading.Invalid(var _, var _, String reason)
                    when reason.startsWith(NumberReader.NO_VALUE) ->
                    findings.add(new Finding(Fit.NONE, what + ": " + reason));
            case Reading.Invalid invalid ->
                    wrong(what + ": " + invalid.reason() + otherwise(ways(signal)));
            case Reading.Silent _ -> wrong(what + " was not answered");
        }
    }

    /**
     * What floating point says with its words exchanged, more often than what a device measures.
     */
    private static boolean isTiny(Reading.Measured measured) {
        return measured.value() instanceof Value.Quantity(double number)
                && number != 0
                && Math.abs(number) < LEAST;
    }

    private static String otherwise(List<String> ways) {
        return ways.isEmpty() ? "" : "; it would be " + String.join(", or ", ways);
    }

    /** What would make a measurement of it. */
    private List<String> ways(Signal signal) {
        var ways = new ArrayList<String>(orders(signal));
        for (double factor : FACTORS) {
            ways.addAll(
                    way(
                            signal,
                            number -> times(factor, number),
                            String.format(Locale.ROOT, "%s times as much", factor)));
        }
        return ways;
    }

    private List<String> orders(Signal signal) {
        return Arrays.stream(Order.values())
                .flatMap(
                        order ->
                                way(signal, number -> in(order, number), "with order " + order)
                                        .stream())
                .toList();
    }

    private List<String> way(
            Signal signal, UnaryOperator<Encoding.Numeric> change, String otherwise) {
        String name = signal.point().substring(signal.point().lastIndexOf('.') + 1);
        UnaryOperator<Point> changed =
                point ->
                        point.name().equals(name)
                                        && point.encoding() instanceof Encoding.Numeric number
                                ? new Point(
                                        point.name(),
                                        point.table(),
                                        point.address(),
                                        change.apply(number),
                                        point.role())
                                : point;
        return fits(with(changed, changed))
                .map(readings -> readings.get(signal.index()))
                .filter(Reading.Measured.class::isInstance)
                .map(Reading.Measured.class::cast)
                .filter(measured -> !isTiny(measured))
                .map(
                        measured ->
                                "%s %s %s"
                                        .formatted(
                                                measured.value(), signal.role().unit(), otherwise))
                .stream()
                .toList();
    }

    private static Encoding.Numeric in(Order order, Encoding.Numeric number) {
        Stored stored = number.stored();
        return new Encoding.Numeric(
                new Stored(stored.raw(), order, stored.bits(), stored.sentinels()),
                number.scaling(),
                number.range());
    }

    private static Encoding.Numeric times(double factor, Encoding.Numeric number) {
        Scaling scaling = number.scaling();
        return new Encoding.Numeric(
                number.stored(),
                new Scaling(
                        scaling.scale() * factor,
                        scaling.fractionBits(),
                        scaling.offset(),
                        scaling.scaleFactor()),
                number.range());
    }
}
