package dev.bulkhead.agent.modbus;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.Profile.Block;
import dev.bulkhead.rules.profile.Profile.Encoding;
import dev.bulkhead.rules.profile.Profile.Point;
import dev.bulkhead.rules.profile.Profile.Rate;
import dev.bulkhead.rules.profile.Profile.Raw;
import dev.bulkhead.rules.profile.Profile.Table;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Signal;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Wire;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Turns what one device answered into readings. It keeps the latest image of each block of this
 * connection; {@link #forget} drops them, and with them the proof that the device is the one the
 * site means. What can't be a measurement comes out as a reason, never as a number.
 */
final class Decoder {
    /** A point and where its block's image has it. */
    private record Place(Point point, int block, int offset) {}

    /** A value and what scales it. */
    private record Scaled(Place place, Optional<Place> factor) {}

    /** A signal, where it stands and how it is wired. */
    private record Source(Signal signal, Scaled scaled, Optional<Wire> wire) {}

    /** A value that shows whether this is the device the site means. */
    private record Proof(String expected, Scaled scaled) {}

    /** A number, text, flag or position, or the reason why there is none. */
    private sealed interface Decoded {
        record Scalar(BigDecimal number) implements Decoded {}

        record Simple(Value value) implements Decoded {}

        record Characters(String text) implements Decoded {}

        record None(String reason) implements Decoded {}
    }

    // NAMUR NE 43: outside 3.6..21.0 mA the loop says it has failed. 3.8..20.5 mA measures; in
    // between the sensor is past its end, and reads as that end.
    private static final int LOOP_FAILED_BELOW_MICROAMPERES = 3600;
    private static final int LOOP_FAILED_ABOVE_MICROAMPERES = 21000;
    private static final int LOOP_LOWEST_MICROAMPERES = 3800;
    private static final int LOOP_HIGHEST_MICROAMPERES = 20500;

    // SunSpec models, commit 7abdf89: sunssf is int16, -10..10, 0x8000 where unimplemented.
    private static final int LARGEST_SCALE_FACTOR = 10;
    private static final int UNIMPLEMENTED_SCALE_FACTOR = -32768;

    private final Device device;
    private final Profile profile;
    private final Map<String, Point> points = new LinkedHashMap<>();
    private final List<List<Source>> sources;
    private final List<Proof> proofs;
    private final NavigableSet<Integer> prerequisites = new TreeSet<>();
    private final Map<Integer, Image> images = new HashMap<>();
    private final NavigableSet<Integer> unread = new TreeSet<>();

    /**
     * @throws IllegalArgumentException if a signal, scale factor or identity is in no block, an
     *     encoding can't give its role's kind of value, or nothing says what an identity must be; a
     *     parsed site has none of these
     */
    Decoder(Device device, Profile profile, SignalTable signals) {
        this.device = device;
        this.profile = profile;
        collectPoints();
        sources = profile.blocks().stream().<List<Source>>map(_ -> new ArrayList<>()).toList();
        for (Signal signal : signals.ofDevice(device.id())) {
            Source source = source(signal);
            sources.get(source.scaled().place().block()).add(source);
            source.scaled().factor().ifPresent(factor -> prerequisites.add(factor.block()));
        }
        proofs = profile.identities().stream().map(this::proof).toList();
        proofs.forEach(proof -> prerequisites.add(proof.scaled().place().block()));
        IntStream.range(0, profile.blocks().size())
                .filter(block -> profile.blocks().get(block).rate() == Rate.ONCE)
                .forEach(prerequisites::add);
        forget();
    }

    private void collectPoints() {
        profile.points().forEach(point -> points.put(point.name(), point));
        for (Profile.Group group : profile.groups()) {
            for (int item = 1; item <= group.count(); item++) {
                for (Point point : group.points()) {
                    int stride = isOfBits(point) ? group.coilStride() : group.stride();
                    String name = group.qualified(item, point.name());
                    points.put(
                            name,
                            new Point(
                                    name,
                                    point.table(),
                                    point.address() + (item - 1) * stride,
                                    point.encoding(),
                                    point.role()));
                }
            }
        }
    }

    private Source source(Signal signal) {
        Point point = point(signal.point());
        Optional<Wire> wire =
                device.wires().stream()
                        .filter(
                                each ->
                                        each.point().equals(signal.point())
                                                && each.role() == signal.role()
                                                && each.of().equals(signal.of()))
                        .findFirst();
        boolean fits =
                switch (point.encoding()) {
                    case Encoding.Numeric _ -> signal.role().type() == Role.Type.NUMBER;
                    case Encoding.Loop _ ->
                            signal.role().type() == Role.Type.NUMBER
                                    && wire.flatMap(Wire::span).isPresent();
                    case Encoding.Bit _ -> signal.role().type() == Role.Type.FLAG;
                    case Encoding.Contacts _ ->
                            signal.role().type() == Role.Type.POSITION && !isOfBits(point);
                    case Encoding.Text _ -> false;
                };
        if (!fits) {
            throw new IllegalArgumentException(
                    signal.id() + " can't give " + signal.role() + " by " + point.encoding());
        }
        return new Source(signal, scaled(point), wire);
    }

    private Proof proof(Profile.Identity identity) {
        Optional<String> index = device.index().stream().mapToObj(Integer::toString).findFirst();
        String expected =
                identity.expected()
                        .or(() -> index)
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                device.id()
                                                        + " has no index to prove by "
                                                        + identity.point()));
        return new Proof(expected, scaled(point(identity.point())));
    }

    /** A number's scale factor is a point of the same item, else of the device. */
    private Scaled scaled(Point point) {
        Optional<String> named =
                point.encoding() instanceof Encoding.Numeric number
                        ? number.scaleFactor()
                        : Optional.empty();
        String item = point.name().substring(0, point.name().lastIndexOf('.') + 1);
        return new Scaled(
                place(point),
                named.map(name -> points.containsKey(item + name) ? item + name : name)
                        .map(this::point)
                        .map(this::place));
    }

    private Point point(String name) {
        Point point = points.get(name);
        if (point == null) {
            throw new IllegalArgumentException("profile " + profile.id() + " has no point " + name);
        }
        return point;
    }

    /** In the block that is read most often among those that hold the whole of a point. */
    private Place place(Point point) {
        List<Block> blocks = profile.blocks();
        int block =
                IntStream.range(0, blocks.size())
                        .filter(i -> isWhollyIn(blocks.get(i), point))
                        .boxed()
                        .min(Comparator.comparing(i -> blocks.get(i).rate()))
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "profile %s: no block reads %s"
                                                        .formatted(profile.id(), point.name())));
        return new Place(point, block, point.address() - blocks.get(block).address());
    }

    private static boolean isWhollyIn(Block block, Point point) {
        return block.covers(point.table(), point.address(), point.encoding().length());
    }

    private static boolean isOfBits(Point point) {
        return point.table() == Table.COIL || point.table() == Table.DISCRETE;
    }

    /** Drops all that was heard: the next answers may come from another device. */
    void forget() {
        images.clear();
        unread.clear();
        unread.addAll(prerequisites);
    }

    /**
     * The block to ask for before any other on this connection: it proves the device, scales other
     * values, or is read once. It is asked for when the device is polled next and no sooner, so
     * that a peer that closes idle connections isn't kept busy with proofs.
     */
    Optional<Integer> firstUnread() {
        return unread.isEmpty() ? Optional.empty() : Optional.of(unread.first());
    }

    /** The readings in a block's answer. */
    List<Observation> answered(int block, Image image, Instant requestedAt, long sequence) {
        boolean wasProved = problem().isEmpty();
        images.put(block, image);
        unread.remove(block);
        Optional<String> problem = problem();
        if (problem.isPresent()) {
            String reason = problem.get();
            return wasProved
                    ? allInvalid(reason, requestedAt, sequence)
                    : invalid(block, reason, requestedAt, sequence);
        }
        return sources.get(block).stream()
                .map(source -> observation(source, image, requestedAt, sequence))
                .toList();
    }

    /** The device answered a block with an exception: it has no such values, or not now. */
    List<Observation> refused(int block, String reason, Instant requestedAt, long sequence) {
        images.remove(block);
        unread.remove(block);
        return invalid(block, reason, requestedAt, sequence);
    }

    /** A block's signals after it has not been heard for too long. */
    List<Observation> silent(int block, Instant at, Instant lastHeard) {
        return sources.get(block).stream()
                .map(
                        source ->
                                new Observation(
                                        source.signal().index(), new Reading.Silent(at, lastHeard)))
                .toList();
    }

    /** Why this is not shown to be the device the site means; empty: it is. */
    Optional<String> problem() {
        return proofs.stream().map(this::problem).flatMap(Optional::stream).findFirst();
    }

    private Optional<String> problem(Proof proof) {
        Place place = proof.scaled().place();
        Image image = images.get(place.block());
        String name = "identity: " + place.point().name();
        if (image == null) {
            return Optional.of(name + " was not read");
        }
        String actual =
                switch (decode(proof.scaled(), image)) {
                    case Decoded.Scalar(BigDecimal number) ->
                            number.stripTrailingZeros().toPlainString();
                    case Decoded.Characters(String text) -> text;
                    case Decoded.Simple(Value.Flag(boolean isSet)) -> isSet ? "1" : "0";
                    case Decoded.Simple(Value value) -> value.toString();
                    case Decoded.None(String reason) -> reason;
                };
        return actual.equals(proof.expected())
                ? Optional.empty()
                : Optional.of(
                        "%s: expected '%s', got '%s'".formatted(name, proof.expected(), actual));
    }

    private List<Observation> allInvalid(String reason, Instant requestedAt, long sequence) {
        var all = new ArrayList<Observation>();
        for (int block = 0; block < sources.size(); block++) {
            all.addAll(invalid(block, reason, requestedAt, sequence));
        }
        return all;
    }

    private List<Observation> invalid(int block, String why, Instant requestedAt, long sequence) {
        return sources.get(block).stream()
                .map(
                        source ->
                                new Observation(
                                        source.signal().index(),
                                        new Reading.Invalid(requestedAt, sequence, why)))
                .toList();
    }

    private Observation observation(Source source, Image image, Instant at, long sequence) {
        Function<Value, Reading> measured = value -> new Reading.Measured(at, sequence, value);
        Reading reading =
                switch (decode(source.scaled(), image)) {
                    case Decoded.Scalar(BigDecimal number) ->
                            number(source, number.doubleValue(), at, sequence);
                    case Decoded.Simple(Value.Flag(boolean isSet)) ->
                            measured.apply(
                                    new Value.Flag(
                                            isSet
                                                    != source.wire()
                                                            .map(Wire::isInverted)
                                                            .orElse(false)));
                    case Decoded.Simple(Value value) -> measured.apply(value);
                    case Decoded.Characters(String text) ->
                            new Reading.Invalid(at, sequence, "'" + text + "' is no measurement");
                    case Decoded.None(String reason) -> new Reading.Invalid(at, sequence, reason);
                };
        return new Observation(source.signal().index(), reading);
    }

    private static Reading number(Source source, double decoded, Instant at, long sequence) {
        Role role = source.signal().role();
        double number = source.wire().flatMap(Wire::span).map(s -> on(s, decoded)).orElse(decoded);
        if (!(number >= role.low() && number <= role.high())) {
            return new Reading.Invalid(
                    at,
                    sequence,
                    "%s %s is outside %s..%s"
                            .formatted(number, role.unit(), role.low(), role.high()));
        }
        return new Reading.Measured(at, sequence, new Value.Quantity(number));
    }

    private static double on(Wire.Span span, double microamperes) {
        return span.low() + (microamperes - 4000) / 16000 * (span.high() - span.low());
    }

    private Decoded decode(Scaled scaled, Image image) {
        int offset = scaled.place().offset();
        boolean isOfBits = isOfBits(scaled.place().point());
        return switch (scaled.place().point().encoding()) {
            case Encoding.Numeric number -> decode(number, image, offset, scaled.factor());
            case Encoding.Loop _ -> loop(image.at(offset));
            case Encoding.Bit(int bit) ->
                    new Decoded.Simple(new Value.Flag(image.isSet(offset, isOfBits ? 0 : bit)));
            case Encoding.Contacts contacts ->
                    new Decoded.Simple(new Value.At(image.position(offset, contacts)));
            case Encoding.Text(int length) -> new Decoded.Characters(text(image, offset, length));
        };
    }

    private static Decoded loop(int microamperes) {
        if (microamperes < LOOP_FAILED_BELOW_MICROAMPERES
                || microamperes > LOOP_FAILED_ABOVE_MICROAMPERES) {
            return new Decoded.None("the loop has failed: " + microamperes + " µA");
        }
        int measured =
                Math.clamp(microamperes, LOOP_LOWEST_MICROAMPERES, LOOP_HIGHEST_MICROAMPERES);
        return new Decoded.Scalar(BigDecimal.valueOf(measured));
    }

    private Decoded decode(
            Encoding.Numeric number, Image image, int offset, Optional<Place> factor) {
        int width = 16 * number.raw().registers();
        long bits = bits(image, offset, number.raw());
        long mask = (1L << width) - 1;
        // A sentinel may be written signed or unsigned; the bits are the same.
        if (number.sentinels().stream().anyMatch(sentinel -> (sentinel & mask) == bits)) {
            return new Decoded.None("the device has no value: 0x%X".formatted(bits));
        }
        float single = Float.intBitsToFloat((int) bits);
        if (number.raw() == Raw.F32 && !Float.isFinite(single)) {
            return new Decoded.None("not a number: " + single);
        }
        BigDecimal raw =
                switch (number.raw()) {
                    case U16, U32 -> BigDecimal.valueOf(bits);
                    case S16 -> new BigDecimal((short) bits);
                    case S32 -> new BigDecimal((int) bits);
                    case F32 -> new BigDecimal(single);
                };
        int exponent = 0;
        if (factor.isPresent()) {
            Optional<Integer> read = exponent(factor.get());
            if (read.isEmpty()) {
                return new Decoded.None("no scale factor " + factor.get().point().name());
            }
            exponent = read.get();
        }
        // Decimal, so that 4100 at a factor of -3 is 4.1 and not 4.1000000000000005.
        return new Decoded.Scalar(
                raw.multiply(BigDecimal.valueOf(number.scale()))
                        .scaleByPowerOfTen(exponent)
                        .add(BigDecimal.valueOf(number.offset())));
    }

    private Optional<Integer> exponent(Place factor) {
        Image image = images.get(factor.block());
        if (image == null) {
            return Optional.empty();
        }
        int exponent = (short) image.at(factor.offset());
        return exponent == UNIMPLEMENTED_SCALE_FACTOR || Math.abs(exponent) > LARGEST_SCALE_FACTOR
                ? Optional.empty()
                : Optional.of(exponent);
    }

    private static long bits(Image image, int offset, Raw raw) {
        long high = image.at(offset);
        return raw.registers() == 1 ? high : high << 16 | image.at(offset + 1);
    }

    private static String text(Image image, int offset, int length) {
        var bytes = new byte[2 * length];
        for (int i = 0; i < length; i++) {
            bytes[2 * i] = (byte) (image.at(offset + i) >> 8);
            bytes[2 * i + 1] = (byte) image.at(offset + i);
        }
        return new String(bytes, StandardCharsets.ISO_8859_1).replace('\0', ' ').strip();
    }
}
