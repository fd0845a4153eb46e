package dev.bulkhead.agent.modbus;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.Profile.Block;
import dev.bulkhead.rules.profile.Profile.Encoding;
import dev.bulkhead.rules.profile.Profile.Meaning;
import dev.bulkhead.rules.profile.Profile.Order;
import dev.bulkhead.rules.profile.Profile.Point;
import dev.bulkhead.rules.profile.Profile.Range;
import dev.bulkhead.rules.profile.Profile.Rate;
import dev.bulkhead.rules.profile.Profile.Scaling;
import dev.bulkhead.rules.profile.Profile.Stored;
import dev.bulkhead.rules.profile.Profile.Table;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Signal;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Turns what one device answered into readings. It keeps the latest image of each block of this
 * connection; {@link #forget} drops them, and with them the proof that the device is the one the
 * site means. What can't be a measurement comes out as a reason, never as a number.
 */
final class Decoder {
    /**
     * A point and where its block's image has it.
     *
     * @param number what reads it there, if it is kept as a number
     */
    private record Place(Point point, Block block, int offset, Optional<NumberReader> number) {
        private RawNumber read(Image image) {
            return number.isPresent()
                    ? number.get().read(image, offset)
                    : new RawNumber.None(point.name() + " is no number");
        }
    }

    /** A value and what scales it. */
    private record Scaled(Place place, Optional<Place> factor, Scale scale) {}

    /** A signal, where it stands and how it is wired. */
    private record Source(
            Signal signal, Scaled scaled, Optional<Wire.Span> span, boolean isInverted) {}

    /** A signal that the device doesn't have, since it has fewer of what repeats than the site. */
    private record Lack(Signal signal, String reason) {}

    /** A value that shows whether this is the device the site means. */
    private record Proof(String expected, Scaled scaled) {}

    /**
     * What a point says that nothing uses.
     *
     * @param words its value, or why it has none
     */
    record Unused(boolean isValue, String words) {}

    /** A number, text, flag or position, or the reason why there is none. */
    private sealed interface Decoded {
        record Scalar(double number) implements Decoded {}

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

    // SunSpec models, commit 7abdf89: sunssf is int16, -10..10, and 0x8000, which is far from
    // these, where unimplemented.
    private static final int LARGEST_SCALE_FACTOR = 10;

    private final Device device;
    private final Profile profile;
    private final Map<String, Point> points = new LinkedHashMap<>();
    private final SignalTable signals;
    // Shared by the points that are alike: what each answer walks through stays small.
    private final Map<Stored, NumberReader> readers = new HashMap<>();
    private final Map<Scaling, Scale> scales = new HashMap<>();
    private List<Block> blocks = List.of();
    private final Map<Block, List<Source>> sources = new HashMap<>();
    private final Map<Block, List<Lack>> lacks = new HashMap<>();
    private final List<Proof> proofs = new ArrayList<>();
    private final Set<Block> prerequisites = new LinkedHashSet<>();
    private final Map<Block, Image> images = new HashMap<>();
    private final Set<Block> settled = new HashSet<>();
    private Optional<String> problem = Optional.empty();
    private final Optional<Pulse> pulse;
    private Optional<Place> beat = Optional.empty();

    /**
     * @throws IllegalArgumentException if a signal, scale factor or identity is in no block, an
     *     encoding can't give its role's kind of value, or nothing says what an identity must be; a
     *     parsed site has none of these
     */
    Decoder(Device device, Profile profile, SignalTable signals) {
        this(device, profile, signals, pulse(profile));
    }

    /**
     * The same, of a device that was read before.
     *
     * @param pulse what was felt of it; as the profile has a heartbeat
     */
    Decoder(Device device, Profile profile, SignalTable signals, Optional<Pulse> pulse) {
        this.device = device;
        this.profile = profile;
        this.signals = signals;
        this.pulse = pulse;
        collectPoints();
        readBy(profile.blocks());
    }

    static Optional<Pulse> pulse(Profile profile) {
        return profile.heartbeat().map(heartbeat -> new Pulse(heartbeat.within()));
    }

    /**
     * From now on answers are to these blocks, which have every point. What was heard of a block
     * that stays is kept.
     */
    void readBy(List<Block> blocks) {
        sources.clear();
        lacks.clear();
        proofs.clear();
        prerequisites.clear();
        images.keySet().retainAll(blocks);
        settled.retainAll(blocks);
        this.blocks = List.copyOf(blocks);
        var needed = new HashSet<Block>();
        for (Signal signal : signals.ofDevice(device.id())) {
            Optional<Profile.Group> group = lacking(signal);
            if (group.isPresent()) {
                lack(signal, group.get());
                continue;
            }
            Source source = source(signal);
            of(source.scaled().place().block()).add(source);
            source.scaled().factor().ifPresent(factor -> needed.add(factor.block()));
        }
        profile.identities().stream().map(this::proof).forEach(proofs::add);
        proofs.forEach(proof -> needed.add(proof.scaled().place().block()));
        blocks.stream()
                .filter(block -> block.rate() == Rate.ONCE || needed.contains(block))
                .sorted(Comparator.comparing(Block::rate).reversed())
                .forEach(prerequisites::add);
        beat = profile.heartbeat().map(heartbeat -> place(point(heartbeat.point())));
        prove();
    }

    /** The group that has fewer items than a signal needs; only a SunSpec device has so few. */
    private Optional<Profile.Group> lacking(Signal signal) {
        if (profile.models().isEmpty() || points.containsKey(signal.point())) {
            return Optional.empty();
        }
        return profile.groups().stream()
                .filter(group -> signal.point().startsWith(group.name() + "["))
                .findFirst();
    }

    /** It is told with the block that shows how many there are. */
    private void lack(Signal signal, Profile.Group group) {
        String reason = "the device has %d of '%s'".formatted(group.count(), group.name());
        profile.modelAt(group.points().getFirst().address())
                .ifPresent(
                        model ->
                                lacks.computeIfAbsent(header(model), _ -> new ArrayList<>())
                                        .add(new Lack(signal, reason)));
    }

    /** The block that shows where a model begins. */
    private Block header(Profile.Model model) {
        return place(point(model.idPoint())).block();
    }

    /**
     * The model that another block than this one shows to be where its values were looked for;
     * empty: this block's own answer does, or nothing needs to.
     */
    Optional<Profile.Model> apartFrom(Block block) {
        return profile.modelAt(block.address()).filter(model -> !isHeader(block, model));
    }

    /** Whether a block shows where a model begins. */
    boolean isHeader(Block block, Profile.Model model) {
        return header(model).equals(block);
    }

    /** Whether a block showed on this connection where a model begins. */
    boolean isHeaderOfNow(Block block) {
        return images.containsKey(block)
                && profile.models().stream().anyMatch(model -> isHeader(block, model));
    }

    /** Whether an answer has a scale factor otherwise than the one that values were scaled by. */
    boolean isRescaled(Block block, Image image) {
        Image before = images.get(block);
        return before != null
                && sources.values().stream()
                        .flatMap(List::stream)
                        .flatMap(source -> source.scaled().factor().stream())
                        .filter(factor -> factor.block().equals(block))
                        .anyMatch(factor -> !factor.read(before).equals(factor.read(image)));
    }

    /** Whether a block of this connection shows something else where a model began. */
    boolean hasMoved() {
        return !profile.models().isEmpty()
                && proofs.stream()
                        .filter(proof -> images.containsKey(proof.scaled().place().block()))
                        .filter(proof -> isOfHeader(proof.scaled().place().point()))
                        .anyMatch(proof -> problem(proof).isPresent());
    }

    private boolean isOfHeader(Point point) {
        return profile.models().stream()
                .anyMatch(
                        model ->
                                point.name().equals(model.idPoint())
                                        || point.name().equals(model.lengthPoint()));
    }

    private List<Source> of(Block block) {
        return sources.computeIfAbsent(block, _ -> new ArrayList<>());
    }

    /** The points that stand wholly in a block. */
    List<String> pointsIn(Block block) {
        return points.values().stream()
                .filter(point -> isWhollyIn(block, point))
                .map(Point::name)
                .toList();
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
                point.encoding().gives().equals(Optional.of(signal.role().type()))
                        && (!(point.encoding() instanceof Encoding.Loop)
                                || wire.flatMap(Wire::span).isPresent())
                        && (!isOfBits(point) || point.encoding() instanceof Encoding.Bit);
        if (!fits) {
            throw new IllegalArgumentException(
                    signal.id() + " can't give " + signal.role() + " by " + point.encoding());
        }
        return new Source(
                signal,
                scaled(point),
                wire.flatMap(Wire::span),
                wire.map(Wire::isInverted).orElse(false));
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
                        ? number.scaling().scaleFactor()
                        : Optional.empty();
        String item = point.name().substring(0, point.name().lastIndexOf('.') + 1);
        return new Scaled(
                place(point),
                named.map(name -> points.containsKey(item + name) ? item + name : name)
                        .map(this::point)
                        .map(this::place),
                scales.computeIfAbsent(
                        point.encoding() instanceof Encoding.Numeric number
                                ? number.scaling()
                                : Scaling.NONE,
                        Scale::new));
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
        Block block =
                blocks.stream()
                        .filter(each -> isWhollyIn(each, point))
                        .min(Comparator.comparing(Block::rate))
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "profile %s: no block reads %s"
                                                        .formatted(profile.id(), point.name())));
        Optional<NumberReader> number =
                switch (point.encoding()) {
                    case Encoding.Numeric numeric -> Optional.of(reader(numeric.stored()));
                    case Encoding.Listed listed -> Optional.of(reader(listed.stored()));
                    case Encoding.Loop _, Encoding.Bit _, Encoding.Contacts _, Encoding.Text _ ->
                            Optional.empty();
                };
        return new Place(point, block, point.address() - block.address(), number);
    }

    private NumberReader reader(Stored stored) {
        return readers.computeIfAbsent(stored, NumberReader::new);
    }

    private static boolean isWhollyIn(Block block, Point point) {
        return point.extent().isIn(block);
    }

    private static boolean isOfBits(Point point) {
        return point.table() == Table.COIL || point.table() == Table.DISCRETE;
    }

    /** Drops all that was heard: the next answers may come from another device. */
    void forget() {
        images.clear();
        settled.clear();
        prove();
    }

    /** Whether all that comes before other blocks was read, and this is none of it. */
    boolean isSettledWithout(Block block) {
        return !prerequisites.contains(block)
                && problem.isEmpty()
                && settled.containsAll(prerequisites);
    }

    /**
     * The block to ask for before any other on this connection: it is read once, proves the device,
     * or scales other values. It is asked for when the device is polled next and no sooner, so that
     * a peer that closes idle connections isn't kept busy with proofs.
     */
    Optional<Block> firstUnread() {
        for (Block block : prerequisites) {
            if (!settled.contains(block)) {
                return Optional.of(block);
            }
        }
        return Optional.empty();
    }

    /** The readings in a block's answer. */
    List<Observation> answered(Block block, Image image, Instant requestedAt, long sequence) {
        boolean wasProved = problem.isEmpty();
        images.put(block, image);
        settled.add(block);
        if (prerequisites.contains(block)) {
            prove();
        }
        if (problem.isPresent()) {
            String reason = problem.get();
            return wasProved
                    ? allInvalid(reason, requestedAt, sequence)
                    : invalid(block, reason, requestedAt, sequence);
        }
        if (pulse.isPresent()) {
            boolean wasAlive = stillSince().isEmpty();
            pulse.get().felt(block, image, hasBeat(block, image), requestedAt);
            Optional<Instant> stillSince = stillSince();
            if (stillSince.isPresent()) {
                return (wasAlive ? blocks : List.of(block))
                        .stream()
                                .flatMap(
                                        each ->
                                                silent(each, requestedAt, stillSince.get())
                                                        .stream())
                                .toList();
            }
        }
        List<Source> told = of(block);
        List<Observation> lacking = lacks(block, requestedAt, sequence);
        var observations = new Observation[told.size() + lacking.size()];
        for (int i = 0; i < told.size(); i++) {
            observations[i] = observation(told.get(i), image, requestedAt, sequence);
        }
        for (int i = 0; i < lacking.size(); i++) {
            observations[told.size() + i] = lacking.get(i);
        }
        return List.of(observations);
    }

    private boolean hasBeat(Block block, Image image) {
        return beat.filter(place -> place.block().equals(block))
                .filter(place -> place.read(image) instanceof RawNumber.Known)
                .isPresent();
    }

    /** Since when nothing changes any more of a device that would change something if it lived. */
    Optional<Instant> stillSince() {
        return pulse.flatMap(Pulse::stillSince);
    }

    /** The device answered a block with an exception: it has no such values, or not now. */
    List<Observation> refused(Block block, String reason, Instant requestedAt, long sequence) {
        images.remove(block);
        settled.add(block);
        prove();
        return invalid(block, reason, requestedAt, sequence);
    }

    /** A block's signals after it has not been heard for too long. */
    List<Observation> silent(Block block, Instant at, Instant lastHeard) {
        return signalsOf(block)
                .map(signal -> new Observation(signal.index(), new Reading.Silent(at, lastHeard)))
                .toList();
    }

    private Stream<Signal> signalsOf(Block block) {
        return Stream.concat(
                of(block).stream().map(Source::signal),
                lacks.getOrDefault(block, List.of()).stream().map(Lack::signal));
    }

    private List<Observation> lacks(Block block, Instant at, long sequence) {
        List<Lack> of = lacks.get(block);
        if (of == null) {
            return List.of();
        }
        return of.stream()
                .map(
                        lack ->
                                new Observation(
                                        lack.signal().index(),
                                        new Reading.Invalid(at, sequence, lack.reason())))
                .toList();
    }

    /** What was answered of points that no role names and that nothing proves or scales by. */
    SequencedMap<String, Unused> unused() {
        Set<String> used = used();
        var unused = new LinkedHashMap<String, Unused>();
        for (Point point : points.values()) {
            boolean isRead = blocks.stream().anyMatch(block -> isWhollyIn(block, point));
            if (isRead && point.role().isEmpty() && !used.contains(point.name())) {
                Scaled scaled = scaled(point);
                Image image = images.get(scaled.place().block());
                if (image != null) {
                    unused.put(point.name(), unused(decode(scaled, image)));
                }
            }
        }
        return unused;
    }

    private Set<String> used() {
        var used = new HashSet<>(signals.pointsOf(device.id()));
        profile.identities().forEach(identity -> used.add(identity.point()));
        profile.heartbeat().ifPresent(heartbeat -> used.add(heartbeat.point()));
        for (Profile.Model model : profile.models()) {
            used.add(model.lengthPoint());
            model.repeats().ifPresent(repeats -> used.add(repeats.counted()));
        }
        points.values().stream()
                .filter(point -> blocks.stream().anyMatch(block -> isWhollyIn(block, point)))
                .flatMap(point -> scaled(point).factor().stream())
                .forEach(factor -> used.add(factor.point().name()));
        return used;
    }

    private static Unused unused(Decoded decoded) {
        return switch (decoded) {
            case Decoded.Scalar(double number) -> new Unused(true, Double.toString(number));
            case Decoded.Simple(Value value) -> new Unused(true, value.toString());
            case Decoded.Characters(String text) -> new Unused(true, "'" + text + "'");
            case Decoded.None(String reason) -> new Unused(false, reason);
        };
    }

    /** Why this is not shown to be the device the site means; empty: it is. */
    Optional<String> problem() {
        return problem;
    }

    /** What answers of this connection show to be another device than the site means. */
    Optional<String> contradiction() {
        if (proofs.isEmpty()) {
            return Optional.empty();
        }
        return proofs.stream()
                .filter(proof -> images.containsKey(proof.scaled().place().block()))
                .map(this::problem)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private void prove() {
        problem = proofs.stream().map(this::problem).flatMap(Optional::stream).findFirst();
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
                    case Decoded.Scalar _ -> exact(proof.scaled(), image);
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

    List<Observation> allInvalid(String reason, Instant requestedAt, long sequence) {
        var all = new ArrayList<Observation>();
        for (Block block : blocks) {
            all.addAll(invalid(block, reason, requestedAt, sequence));
        }
        return all;
    }

    private List<Observation> invalid(Block block, String why, Instant requestedAt, long sequence) {
        return signalsOf(block)
                .map(
                        signal ->
                                new Observation(
                                        signal.index(),
                                        new Reading.Invalid(requestedAt, sequence, why)))
                .toList();
    }

    private Observation observation(Source source, Image image, Instant at, long sequence) {
        Reading reading =
                switch (decode(source.scaled(), image)) {
                    case Decoded.Scalar(double number) -> number(source, number, at, sequence);
                    case Decoded.Simple(Value.Flag(boolean isSet)) ->
                            new Reading.Measured(
                                    at, sequence, new Value.Flag(isSet != source.isInverted()));
                    case Decoded.Simple(Value value) -> new Reading.Measured(at, sequence, value);
                    case Decoded.Characters(String text) ->
                            new Reading.Invalid(at, sequence, "'" + text + "' is no measurement");
                    case Decoded.None(String reason) -> new Reading.Invalid(at, sequence, reason);
                };
        return new Observation(source.signal().index(), reading);
    }

    private static Reading number(Source source, double decoded, Instant at, long sequence) {
        Role role = source.signal().role();
        double number = source.span().isPresent() ? on(source.span().get(), decoded) : decoded;
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
        return switch (scaled.place().point().encoding()) {
            case Encoding.Numeric number -> decode(number, image, scaled);
            case Encoding.Listed listed -> decode(listed, scaled.place().read(image));
            case Encoding.Loop _ -> loop(image.at(offset));
            case Encoding.Bit(int bit) -> {
                boolean isOfBits = isOfBits(scaled.place().point());
                yield new Decoded.Simple(new Value.Flag(image.isSet(offset, isOfBits ? 0 : bit)));
            }
            case Encoding.Contacts contacts ->
                    new Decoded.Simple(new Value.At(image.position(offset, contacts)));
            case Encoding.Text text -> new Decoded.Characters(text(text, image, offset));
        };
    }

    private static Decoded loop(int microamperes) {
        if (microamperes < LOOP_FAILED_BELOW_MICROAMPERES
                || microamperes > LOOP_FAILED_ABOVE_MICROAMPERES) {
            return new Decoded.None("the loop has failed: " + microamperes + " µA");
        }
        int measured =
                Math.clamp(microamperes, LOOP_LOWEST_MICROAMPERES, LOOP_HIGHEST_MICROAMPERES);
        return new Decoded.Scalar(measured);
    }

    private Decoded decode(Encoding.Numeric number, Image image, Scaled scaled) {
        return switch (scaled.place().read(image)) {
            case RawNumber.None(String reason) -> new Decoded.None(reason);
            case RawNumber.Known raw -> {
                OptionalInt exponent = exponent(scaled);
                yield exponent.isPresent()
                        ? within(number.range(), scaled.scale().of(raw, exponent.getAsInt()))
                        : new Decoded.None(
                                "no scale factor " + scaled.factor().orElseThrow().point().name());
            }
        };
    }

    private static Decoded within(Optional<Range> possible, double number) {
        if (possible.isPresent()) {
            Range range = possible.get();
            if (!(number >= range.low() && number <= range.high())) {
                return new Decoded.None(
                        "%s is outside the device's %s..%s"
                                .formatted(number, range.low(), range.high()));
            }
        }
        return new Decoded.Scalar(number);
    }

    /** All digits of a number that was decoded: a double has 15 of them, a serial number more. */
    private String exact(Scaled scaled, Image image) {
        return scaled.place().read(image) instanceof RawNumber.Known raw
                ? scaled.scale()
                        .exact(raw, exponent(scaled).orElse(0))
                        .stripTrailingZeros()
                        .toPlainString()
                : "no number";
    }

    private static Decoded decode(Encoding.Listed listed, RawNumber read) {
        return switch (read) {
            case RawNumber.None(String reason) -> new Decoded.None(reason);
            // Past the largest long it is a negative one, which an unsigned number lists none of.
            case RawNumber.Known raw -> {
                Meaning meaning = listed.meanings().get(raw.exact().longValue());
                yield meaning == null
                        ? new Decoded.None(
                                "%s is none of the values %s"
                                        .formatted(raw.exact(), listed.meanings().keySet()))
                        : meant(meaning);
            }
        };
    }

    private static Decoded meant(Meaning meaning) {
        return switch (meaning) {
            case Meaning.Quantity(double number) -> new Decoded.Scalar(number);
            case Meaning.Flag(boolean isSet) -> new Decoded.Simple(new Value.Flag(isSet));
            case Meaning.Position position ->
                    new Decoded.Simple(
                            new Value.At(
                                    switch (position) {
                                        case OPEN -> Position.OPEN;
                                        case CLOSED -> Position.CLOSED;
                                        case MOVING -> Position.MOVING;
                                        case BAD -> Position.BAD;
                                    }));
        };
    }

    /** The power of ten that the device adds, or nothing if it must and doesn't say which. */
    private OptionalInt exponent(Scaled scaled) {
        if (scaled.factor().isEmpty()) {
            return OptionalInt.of(0);
        }
        Place factor = scaled.factor().get();
        Image image = images.get(factor.block());
        return image != null
                        && factor.read(image) instanceof RawNumber.Whole(long exponent)
                        && Math.abs(exponent) <= LARGEST_SCALE_FACTOR
                ? OptionalInt.of((int) exponent)
                : OptionalInt.empty();
    }

    private static String text(Encoding.Text text, Image image, int offset) {
        var bytes = new byte[2 * text.length()];
        boolean isLowFirst = text.order() == Order.BADC || text.order() == Order.DCBA;
        for (int i = 0; i < text.length(); i++) {
            int word = image.at(offset + i);
            bytes[2 * i] = (byte) (isLowFirst ? word : word >> 8);
            bytes[2 * i + 1] = (byte) (isLowFirst ? word >> 8 : word);
        }
        return new String(bytes, StandardCharsets.ISO_8859_1).replace('\0', ' ').strip();
    }
}
