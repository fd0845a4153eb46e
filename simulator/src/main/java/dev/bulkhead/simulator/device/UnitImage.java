package dev.bulkhead.simulator.device;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.Profile.Encoding;
import dev.bulkhead.rules.profile.Profile.Meaning;
import dev.bulkhead.rules.profile.Profile.Scaling;
import dev.bulkhead.rules.profile.Profile.Stored;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.BatteryString;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The registers and bits of one unit. Readable is what its register map reads or names; each value
 * is asked of the truth at the moment of reading.
 */
final class UnitImage {
    /** How long a selection stands without a trip (proposal, as the panels of the example site). */
    private static final Duration SELECT_LASTS = Duration.ofSeconds(10);

    /** The pulse of a TRIP output, likewise; a shunt trip needs 20 ms (Schneider MX). */
    private static final Duration TRIP_LASTS = Duration.ofMillis(500);

    /** Of a module that is no string's in the site's file: as those of the example site. */
    private static final int CELLS = 8;

    /** Where a code stands, whatever it is read as. */
    private record CodePlace(
            Profile.Table table, int address, Profile.Raw raw, Optional<Profile.Bits> bits) {}

    /** What a fault makes of the words of one cell. */
    private interface Distortion {
        int[] words(Instant now, Supplier<int[]> right);
    }

    /** A distortion by the fault it comes of. */
    private record Distorted(Fault.OfValue by, Distortion how) {}

    /** A number is wrong by a fault; since is when it was first read so. */
    private static final class Shifted {
        private final Fault.OfNumber by;
        private Optional<Instant> since = Optional.empty();

        private Shifted(Fault.OfNumber by) {
            this.by = by;
        }

        private double instead(DeviceId device, double number, Instant now) {
            Instant first = since.orElse(now);
            since = Optional.of(first);
            return by.instead(device, number, Duration.between(first, now), now);
        }
    }

    /**
     * A value of the plant in its place, and what faults make it show instead, in the order they
     * came.
     *
     * <p>Readers: all cells of the same code, as of a register that says by one number whether a
     * UPS is on battery and whether it is on bypass. They show one thing.
     */
    private static final class Cell {
        private final Place place;
        private final Place.Source source;
        private final int exponent;
        private final List<Cell> readers;
        private final List<Shifted> shifts = new ArrayList<>();
        private final List<Distorted> distortions = new ArrayList<>();

        private Cell(Place place, Place.Source source, int exponent, List<Cell> readers) {
            this.place = place;
            this.source = source;
            this.exponent = exponent;
            this.readers = readers;
            readers.add(this);
        }

        private void distort(Fault.OfValue by, Distortion how) {
            readers.forEach(reader -> reader.distortions.add(new Distorted(by, how)));
        }

        private void mend(Predicate<Fault> which) {
            shifts.removeIf(each -> which.test(each.by));
            distortions.removeIf(each -> which.test(each.by()));
        }

        private double shown(DeviceId device, double number, Instant now) {
            double shown = number;
            for (Shifted shift : shifts) {
                shown = shift.instead(device, shown, now);
            }
            return shown;
        }

        private int[] words(Instant now, Supplier<int[]> right) {
            Supplier<int[]> shown = right;
            for (Distorted each : distortions) {
                Supplier<int[]> before = shown;
                shown = () -> each.how().words(now, before);
            }
            return shown.get();
        }
    }

    /** The first register is a reading behind the others. */
    private static final class Torn implements Distortion {
        private Instant at = Instant.MIN;
        private int[] latest = {};
        private int former;

        @Override
        public int[] words(Instant now, Supplier<int[]> right) {
            if (!now.equals(at)) {
                int[] next = right.get();
                former = latest.length == 0 ? next[0] : latest[0];
                latest = next;
                at = now;
            }
            int[] words = latest.clone();
            words[0] = former;
            return words;
        }
    }

    /** Follows the truth at instants of its own, which are those of its register. */
    private static final class Skewed implements Distortion {
        private final long lagMillis;
        private final long phaseMillis;
        private long turn = Long.MIN_VALUE;
        private int[] shown = {};

        private Skewed(Duration lag, int address) {
            this.lagMillis = lag.toMillis();
            this.phaseMillis = (long) (lagMillis * Chance.draw(address, "phase", Instant.EPOCH));
        }

        @Override
        public int[] words(Instant now, Supplier<int[]> right) {
            long next = Math.floorDiv(now.toEpochMilli() + phaseMillis, lagMillis);
            if (next != turn) {
                turn = next;
                shown = right.get();
            }
            return shown;
        }
    }

    /** What is asked for. */
    private record Reading(Profile.Table table, int address, int count) {}

    private record Moment(Instant now, long acts) {}

    private enum Act {
        SELECT,
        TRIP
    }

    private record Output(Act act, BreakerId breaker) {}

    private final Device device;
    private final Truth truth;
    private final List<Profile.Block> blocks;
    private final Area coils = new Area();
    private final Area discretes = new Area();
    private final Area holdings = new Area();
    private final Area inputs = new Area();
    private final SequencedMap<String, Place> places;
    private final SequencedMap<String, Cell> cells = new LinkedHashMap<>();
    private final Map<CodePlace, List<Cell>> readers = new HashMap<>();
    private final Map<Integer, Output> outputs = new HashMap<>();
    private final Map<Output, Instant> energisedUntil = new HashMap<>();
    private final List<Fault> zeroFills = new ArrayList<>();

    /** Answers of one moment: the next who asks the same gets the same bytes. */
    private final Map<Reading, byte[]> kept = new HashMap<>();

    private Moment keptOf = new Moment(Instant.MIN, 0);

    /**
     * Builds a unit.
     *
     * @throws IllegalArgumentException if the map and the site don't fit together; parsed files do
     */
    UnitImage(Site site, Device device, Profile profile, Truth truth) {
        this(site, device, profile, truth, SunSpecMap.Shape.PLAIN);
    }

    /**
     * Builds a unit.
     *
     * @param shape of a SunSpec device
     * @throws IllegalArgumentException if the map and the site don't fit together; parsed files do
     */
    UnitImage(Site site, Device device, Profile profile, Truth truth, SunSpecMap.Shape shape) {
        this.device = device;
        this.truth = truth;
        SequencedMap<String, Place> mapped = Place.of(site, device, profile);
        if (!profile.models().isEmpty()) {
            SunSpecMap map = sunSpecMap(site, shape);
            holdings.blank(map.base(), map.words());
            this.blocks =
                    profile.blocks().stream().flatMap(block -> moved(block, map, profile)).toList();
            this.places = new LinkedHashMap<>();
            mapped.forEach((name, place) -> move(name, place, map, profile));
        } else {
            this.blocks = profile.blocks();
            this.places = mapped;
            for (Profile.Block block : profile.blocks()) {
                area(block.table()).blank(block.address(), block.count());
            }
            places.values().forEach(this::blank);
            UpsExtras.of(site, device, truth).ifPresent(ups -> addExtras(ups, profile));
            profile.identities().forEach(this::prove);
        }
        for (Place place : places.values()) {
            place.source().ifPresent(source -> connect(place, source));
        }
        for (Profile.Group group : profile.groups()) {
            connectOutputs(group, Place.items(site, device, group));
        }
    }

    DeviceId device() {
        return device.id();
    }

    /** Whether this asks for just what its register map has as one block. */
    boolean isPoll(Request request) {
        return blocks.stream().anyMatch(request::asksFor);
    }

    /** What these addresses hold; empty if one of them can't be read. */
    Optional<int[]> read(Profile.Table table, int address, int count, Instant now) {
        return zeroFills.isEmpty()
                ? area(table).read(address, count, now)
                : area(table).readFilled(address, count, now);
    }

    /**
     * The body of an answer with these addresses, encoded once for each moment of the truth.
     *
     * @param encode from what they hold
     */
    Optional<byte[]> body(
            Profile.Table table,
            int address,
            int count,
            Instant now,
            Function<int[], byte[]> encode) {
        OptionalLong acts = truth.acts();
        if (acts.isEmpty()) {
            return read(table, address, count, now).map(encode);
        }
        if (keptOf.acts() != acts.getAsLong() || !keptOf.now().equals(now) || kept.size() > 100) {
            kept.clear();
            keptOf = new Moment(now, acts.getAsLong());
        }
        var reading = new Reading(table, address, count);
        byte[] body = kept.get(reading);
        if (body == null) {
            Optional<byte[]> fresh = read(table, address, count, now).map(encode);
            fresh.ifPresent(bytes -> kept.put(reading, bytes));
            return fresh;
        }
        return Optional.of(body);
    }

    boolean isOutput(int coil) {
        return outputs.containsKey(coil);
    }

    /**
     * Energises an output, which ends by itself. The coil reads on only if the truth took it: what
     * a breaker did is told by its position, never by this.
     */
    void pulse(int coil, Instant now) {
        kept.clear();
        Output output = outputs.get(coil);
        if (output == null) {
            throw new IllegalArgumentException(device.id() + " has no output " + coil);
        }
        switch (output.act()) {
            case SELECT -> {
                if (truth.select(output.breaker())) {
                    energisedUntil.put(output, now.plus(SELECT_LASTS));
                }
            }
            case TRIP -> {
                if (truth.trip(output.breaker())) {
                    energisedUntil.put(output, now.plus(TRIP_LASTS));
                }
                energisedUntil.remove(new Output(Act.SELECT, output.breaker()));
            }
        }
    }

    void inflict(Fault.OfValue fault) {
        kept.clear();
        switch (fault) {
            case StuckValue(String point) -> stick(cell(point), fault);
            case StuckDevice() -> cells.values().forEach(cell -> stick(cell, fault));
            case SentinelValue(String point) -> {
                Place place = cell(point).place;
                int[] none = place.noValue().orElseThrow(() -> place.misfit("has no sentinel"));
                cell(point).distort(fault, (_, _) -> none);
            }
            case BrokenWire(String point) -> {
                int[] dead = new int[cell(point).place.encoding().length()];
                cell(point).distort(fault, (_, _) -> dead);
            }
            case TornValue(String point) -> cell(point).distort(fault, new Torn());
            case SkewedStatus(Duration lag) -> {
                for (Cell cell : cells.values()) {
                    if (cell.place.isOfStates()) {
                        cell.distortions.add(
                                new Distorted(fault, new Skewed(lag, cell.place.address())));
                    }
                }
            }
            case ZeroFill _ -> zeroFills.add(fault);
            case Fault.OfNumber wrong -> cell(wrong.point()).shifts.add(new Shifted(wrong));
        }
    }

    private void stick(Cell cell, Fault.OfValue fault) {
        int[] held = right(cell, DoubleUnaryOperator.identity());
        cell.distort(fault, (_, _) -> held);
    }

    /** Mends those of its faults that are meant. */
    void mend(Predicate<Fault> which) {
        kept.clear();
        cells.values().forEach(cell -> cell.mend(which));
        zeroFills.removeIf(which);
    }

    private Cell cell(String point) {
        return Site.known(cells, point);
    }

    private Area area(Profile.Table table) {
        return switch (table) {
            case COIL -> coils;
            case DISCRETE -> discretes;
            case HOLDING -> holdings;
            case INPUT -> inputs;
        };
    }

    private static Stream<Profile.Block> moved(
            Profile.Block block, SunSpecMap map, Profile profile) {
        return map.part(profile, block.address()).stream()
                .map(
                        part ->
                                new Profile.Block(
                                        block.table(),
                                        part.address(),
                                        Math.min(block.count(), part.left()),
                                        block.rate()));
    }

    private void move(String name, Place place, SunSpecMap map, Profile profile) {
        map.part(profile, place.address())
                .ifPresent(part -> places.put(name, place.movedTo(part.address())));
    }

    private SunSpecMap sunSpecMap(Site site, SunSpecMap.Shape shape) {
        Optional<BatteryString> string = Place.string(site, device);
        if (string.isPresent()) {
            return SunSpecMap.ofString(device, string.get(), shape);
        }
        Optional<NodeId> busbar = Place.node(device);
        if (busbar.isEmpty()) {
            return SunSpecMap.ofModule(device, CELLS, shape);
        }
        List<BatteryString> strings =
                site.strings().values().stream()
                        .filter(each -> busbar.equals(Optional.of(each.busbar())))
                        .toList();
        return SunSpecMap.ofBank(device, strings, shape);
    }

    private void addExtras(UpsExtras ups, Profile profile) {
        UpsExtras.registers(profile.id().value())
                .forEach(
                        (address, showing) ->
                                holdings.add(
                                        address,
                                        List.of(0xFFFF),
                                        now -> new int[] {showing.word(ups, now)}));
    }

    /** How it names itself by function 0x2B, if it does. */
    Optional<byte[]> identification(ByteBuffer asked) {
        return UpsExtras.identification(device, asked);
    }

    /** What a place holds that shows nothing: its "no value" if it has one. */
    private void blank(Place place) {
        area(place.table())
                .blank(place.address(), place.noValue().orElse(new int[place.encoding().length()]));
    }

    /** Puts what proves the device where it is looked for. */
    private void prove(Profile.Identity identity) {
        Place place = Site.known(places, identity.point());
        String proof =
                identity.expected().orElseGet(() -> Integer.toString(device.index().orElse(0)));
        int[] words =
                switch (place.encoding()) {
                    case Encoding.Text text -> RegisterEncoder.text(text, proof);
                    case Encoding.Numeric numeric -> number(numeric, 0, Double.parseDouble(proof));
                    case Encoding.Bit _ -> place.flag(proof.equals("1"));
                    case Encoding.Loop _, Encoding.Contacts _, Encoding.Listed _ ->
                            throw place.misfit("can prove no device");
                };
        area(place.table()).add(place.address(), place.mask(), _ -> words);
    }

    private void connect(Place place, Place.Source source) {
        var cell = new Cell(place, source, exponent(place), readers(place));
        cells.put(place.name(), cell);
        area(place.table())
                .add(
                        place.address(),
                        place.mask(),
                        now ->
                                cell.words(
                                        now,
                                        () ->
                                                right(
                                                        cell,
                                                        number ->
                                                                cell.shown(
                                                                        device.id(),
                                                                        number,
                                                                        now))));
    }

    private List<Cell> readers(Place place) {
        return place.encoding() instanceof Encoding.Listed(Stored stored, var _)
                ? readers.computeIfAbsent(
                        new CodePlace(place.table(), place.address(), stored.raw(), stored.bits()),
                        _ -> new ArrayList<>())
                : new ArrayList<>();
    }

    /** The power of ten that the device says of itself for a place. */
    private int exponent(Place place) {
        if (!(place.encoding() instanceof Encoding.Numeric numeric)
                || numeric.scaling().scaleFactor().isEmpty()) {
            return 0;
        }
        Place factor = Site.known(places, numeric.scaling().scaleFactor().get());
        int exponent = area(factor.table()).blankAt(factor.address()).orElse(0).shortValue();
        if (Math.abs(exponent) > 10) {
            throw place.misfit(factor.name() + " is " + exponent + ", not -10 to 10");
        }
        return exponent;
    }

    private int[] right(Cell cell, DoubleUnaryOperator shown) {
        return switch (cell.place.encoding()) {
            case Encoding.Listed listed -> code(listed.stored(), cell.readers);
            case Encoding.Numeric _,
                    Encoding.Loop _,
                    Encoding.Bit _,
                    Encoding.Contacts _,
                    Encoding.Text _ ->
                    alone(cell, shown);
        };
    }

    private int[] alone(Cell cell, DoubleUnaryOperator shown) {
        return switch (truth.sense(cell.source.role(), cell.source.of())) {
            case Value.Quantity(double number) -> quantity(cell, shown.applyAsDouble(number));
            case Value.Flag(boolean isSet) -> cell.place.flag(isSet != cell.source.isInverted());
            case Value.At(var position) -> position(cell.place, position);
        };
    }

    private static int[] position(Place place, Position position) {
        return switch (place.encoding()) {
            case Encoding.Contacts contacts -> RegisterEncoder.contacts(contacts, position);
            case Encoding.Listed _,
                    Encoding.Numeric _,
                    Encoding.Loop _,
                    Encoding.Bit _,
                    Encoding.Text _ ->
                    throw place.misfit("shows no position");
        };
    }

    private static int[] quantity(Cell cell, double number) {
        return switch (cell.place.encoding()) {
            case Encoding.Numeric numeric -> number(numeric, cell.exponent, number);
            case Encoding.Loop _ ->
                    RegisterEncoder.loop(
                            cell.source
                                    .span()
                                    .orElseThrow(() -> cell.place.misfit("is a loop without span")),
                            number);
            case Encoding.Listed _, Encoding.Bit _, Encoding.Contacts _, Encoding.Text _ ->
                    throw cell.place.misfit("shows no number");
        };
    }

    /**
     * The code that says most of what its readers are to hear, and nothing else; the lowest of
     * those. A device shows what it has no code for by one of none.
     */
    private int[] code(Stored stored, List<Cell> readers) {
        Map<Cell, Value> meant = new LinkedHashMap<>();
        SortedSet<Long> codes = new TreeSet<>();
        for (Cell reader : readers) {
            meant.put(reader, truth.sense(reader.source.role(), reader.source.of()));
            codes.addAll(meanings(reader).keySet());
        }
        long best =
                LongStream.iterate(0, next -> next + 1)
                        .filter(each -> !codes.contains(each))
                        .findFirst()
                        .orElseThrow();
        int most = 0;
        for (long code : codes) {
            int said = said(code, meant);
            if (said > most) {
                best = code;
                most = said;
            }
        }
        return RegisterEncoder.whole(stored, BigInteger.valueOf(best));
    }

    /** How many readers a code tells what is meant; 0 if it tells one of them something else. */
    private static int said(long code, Map<Cell, Value> meant) {
        int said = 0;
        for (Map.Entry<Cell, Value> each : meant.entrySet()) {
            Optional<Meaning> heard = Optional.ofNullable(meanings(each.getKey()).get(code));
            if (heard.isPresent() && !isMeant(heard.get(), each.getValue())) {
                return 0;
            }
            said += heard.isPresent() ? 1 : 0;
        }
        return said;
    }

    private static SortedMap<Long, Meaning> meanings(Cell cell) {
        return cell.place.encoding() instanceof Encoding.Listed(var _, var meanings)
                ? meanings
                : Collections.emptySortedMap();
    }

    private static boolean isMeant(Meaning meaning, Value value) {
        return switch (value) {
            case Value.Quantity(double number) -> meaning.equals(new Meaning.Quantity(number));
            case Value.Flag(boolean isSet) -> meaning.equals(new Meaning.Flag(isSet));
            case Value.At(var position) -> meaning.toString().equals(position.toString());
        };
    }

    private static int[] number(Encoding.Numeric numeric, int exponent, double number) {
        Scaling scaling = numeric.scaling();
        double raw =
                (number - scaling.offset())
                        / scaling.scale()
                        / StrictMath.pow(10, exponent)
                        * StrictMath.scalb(1.0, scaling.fractionBits());
        return RegisterEncoder.number(numeric.stored(), raw);
    }

    private void connectOutputs(Profile.Group group, List<Subject> items) {
        for (int item = 0; item < items.size(); item++) {
            if (items.get(item) instanceof Subject.OfBreaker(BreakerId breaker)) {
                for (Profile.Output output : group.outputs()) {
                    var act = Act.valueOf(output.name().toUpperCase(Locale.ROOT));
                    connect(output.address() + item * group.coilStride(), new Output(act, breaker));
                }
            }
        }
    }

    private void connect(int coil, Output output) {
        outputs.put(coil, output);
        coils.add(
                coil,
                List.of(1),
                now ->
                        new int[] {
                            now.isBefore(energisedUntil.getOrDefault(output, Instant.MIN)) ? 1 : 0
                        });
    }
}
