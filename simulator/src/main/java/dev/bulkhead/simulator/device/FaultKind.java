package dev.bulkhead.simulator.device;

import dev.bulkhead.rules.profile.Profile.Encoding;
import dev.bulkhead.rules.site.Role;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** Every fault by its name in files, with what it is of and how much of it there can be. */
@SuppressWarnings("ImmutableEnumChecker") // Its fields are final, and nothing they hold changes.
public enum FaultKind {
    /** {@link SilentDevice}. */
    SILENT(
            "silent",
            "the request never reaches the device: it neither acts nor answers",
            new OfDevice(_ -> new SilentDevice())),
    /** {@link LostAnswer}. */
    LOST("lost", "the device acts, and its answer is lost", new OfDevice(_ -> new LostAnswer())),
    /** {@link LateAnswer}. */
    LATE(
            "late",
            "the right answer, so much later",
            new OfDevice(with -> new LateAnswer(with.time("by"))),
            Parameter.seconds("by", 0.001, 600, 2)),
    /** {@link SlowAnswer}. */
    SLOW(
            "slow",
            "the right answer, byte by byte, so far apart",
            new OfDevice(with -> new SlowAnswer(with.time("pace"))),
            Parameter.seconds("pace", 0.001, 60, 0.02)),
    /** {@link GarbageAnswer}. */
    GARBAGE(
            "garbage",
            "as many bytes as the right answer has, each inverted",
            new OfDevice(_ -> new GarbageAnswer())),
    /** {@link ExceptionAnswer}. */
    EXCEPTION(
            "exception",
            "every request is refused with this exception code",
            new OfDevice(with -> new ExceptionAnswer(with.whole("code"))),
            Parameter.whole("code", 1, 255, 4)),
    /** {@link BusyDevice}. */
    BUSY(
            "busy",
            "so many of a hundred requests are refused with exception 6, by chance",
            new OfDevice(with -> new BusyDevice(with.number("percent"), with.whole("seed"))),
            Parameter.number("percent", 0, 100, 30),
            Parameter.seed()),
    /** {@link WrongUnit}. */
    WRONG_UNIT(
            "wrong-unit",
            "the answer says it is from this unit",
            new OfDevice(with -> new WrongUnit(with.whole("unit"))),
            Parameter.whole("unit", 0, 255, 247)),
    /** {@link WrongTransaction}. */
    WRONG_TRANSACTION(
            "wrong-transaction",
            "the answer's transaction number is so much higher",
            new OfDevice(with -> new WrongTransaction(with.whole("shift"))),
            Parameter.whole("shift", -65535, 65535, -1)),
    /** {@link WordCap}. */
    WORD_CAP(
            "word-cap",
            "a read of more registers than this is refused with exception 3",
            new OfDevice(with -> new WordCap(with.whole("most"))),
            Parameter.whole("most", 1, 125, 26)),
    /** {@link ZeroFill}. */
    ZERO_FILL(
            "zero-fill",
            "a read that begins at a register the device has shows zero for those it hasn't",
            new OfDevice(_ -> new ZeroFill())),
    /** {@link SkewedStatus}. */
    SKEWED_STATUS(
            "skewed-status",
            "each register of states follows the truth only so often, and not with its neighbours",
            new OfDevice(with -> new SkewedStatus(with.time("lag"))),
            Parameter.seconds("lag", 0.001, 3600, 5)),
    /** {@link StuckDevice}. */
    STUCK_DEVICE(
            "stuck-device",
            "every point keeps the value it had",
            new OfDevice(_ -> new StuckDevice())),
    /** {@link SwappedDevices}. */
    SWAPPED(
            "swapped",
            "the device and another of its gateway answer at each other's addresses",
            new OfPair((with, _) -> new SwappedDevices(with.with()))),
    /** {@link AddressCollision}. */
    ADDRESS_COLLISION(
            "address-collision",
            "another device of its gateway answers at its address too, and no longer at its own",
            new OfPair((of, with) -> new AddressCollision(of.with(), with.whole("seed"))),
            Parameter.seed()),
    /** {@link StuckValue}. */
    STUCK(
            "stuck",
            "the point keeps the value it had",
            new OfPoint("a point", _ -> true, (point, _) -> new StuckValue(point))),
    /** {@link SentinelValue}. */
    SENTINEL(
            "sentinel",
            "the point says \"no value\", as its register map has it",
            new OfPoint(
                    "a point that can say it has no value",
                    place -> place.noValue().isPresent(),
                    (point, _) -> new SentinelValue(point))),
    /** {@link BrokenWire}. */
    BROKEN_WIRE(
            "broken-wire",
            "the terminal's loop carries no current, its contact reads open",
            new OfPoint(
                    "a contact or a loop", Place::isTerminal, (point, _) -> new BrokenWire(point))),
    /** {@link Offset}. */
    OFFSET(
            "offset",
            "the number is off by so much",
            new OfPoint(
                    "a number",
                    FaultKind::isNumber,
                    (point, with) -> new Offset(point, with.number("by"))),
            Parameter.number("by", -1e6, 1e6, 5)),
    /** {@link Drift}. */
    DRIFT(
            "drift",
            "the number goes away from the truth, so much each hour",
            new OfPoint(
                    "a number",
                    FaultKind::isNumber,
                    (point, with) -> new Drift(point, with.number("per-hour"))),
            Parameter.number("per-hour", -1e6, 1e6, 1)),
    /** {@link Noise}. */
    NOISE(
            "noise",
            "the number is off by up to so much either way, anew at every instant, by chance",
            new OfPoint(
                    "a number",
                    FaultKind::isNumber,
                    (point, with) -> new Noise(point, with.number("within"), with.whole("seed"))),
            Parameter.number("within", 0, 1e6, 1),
            Parameter.seed()),
    /** {@link Spike}. */
    SPIKE(
            "spike",
            "the number is off by so much for a moment, again and again",
            new OfPoint(
                    "a number",
                    FaultKind::isNumber,
                    (point, with) ->
                            new Spike(
                                    point,
                                    with.number("by"),
                                    with.time("every"),
                                    with.time("lasting"))),
            Parameter.number("by", -1e6, 1e6, 50),
            Parameter.seconds("every", 0.001, 86_400, 60),
            Parameter.seconds("lasting", 0.001, 86_400, 1)),
    /** {@link TornValue}. */
    TORN(
            "torn",
            "a number of several registers shows its first one as it was a reading before",
            new OfPoint(
                    "a number of several registers",
                    FaultKind::isTearable,
                    (point, _) -> new TornValue(point))),
    /** {@link FrozenGateway}. */
    FROZEN(
            "frozen",
            "the gateway takes requests and neither passes them on nor answers",
            new OfGateway(_ -> new FrozenGateway())),
    /** {@link PacketLoss}. */
    PACKET_LOSS(
            "packet-loss",
            "so many of a hundred packets are lost by chance either way, and sent again 200 ms later, or 400 more, or 800",
            new OfGateway(with -> new PacketLoss(with.number("percent"), with.whole("seed"))),
            Parameter.number("percent", 0, 100, 5),
            Parameter.seed()),
    /** {@link CutLink}. */
    LINK_CUT("link-cut", "the gateway hangs up on everybody", new OfGateway(_ -> new CutLink())),
    /** {@link SingleMaster}. */
    SINGLE_MASTER(
            "single-master",
            "the gateway hangs up on whoever connects while another client is connected",
            new OfGateway(_ -> new SingleMaster())),
    /** {@link LastMaster}. */
    LAST_MASTER(
            "last-master",
            "the gateway hangs up on all others when a client connects",
            new OfGateway(_ -> new LastMaster()));

    /** What a kind of fault can be of, and how it is made. */
    sealed interface Making {}

    record OfDevice(Function<Arguments, Fault> make) implements Making {}

    record OfPair(BiMaking make) implements Making {}

    interface BiMaking {
        Fault make(Target.OfPair of, Arguments with);
    }

    /**
     * @param words what it can befall, with an article
     * @param fits the points it can befall
     */
    record OfPoint(String words, Predicate<Place> fits, PointMaking make) implements Making {}

    interface PointMaking {
        Fault make(String point, Arguments with);
    }

    record OfGateway(Function<Arguments, Fault> make) implements Making {}

    /**
     * How much of a fault.
     *
     * @param unit s where a file has a duration; else empty: as the point has it, or none
     * @param standard what holds where nothing is said
     */
    public record Parameter(
            String name, String unit, double low, double high, double standard, boolean isWhole) {
        private static Parameter number(String name, double low, double high, double standard) {
            return new Parameter(name, "", low, high, standard, false);
        }

        private static Parameter whole(String name, int low, int high, int standard) {
            return new Parameter(name, "", low, high, standard, true);
        }

        private static Parameter seconds(String name, double low, double high, double standard) {
            return new Parameter(name, "s", low, high, standard, false);
        }

        private static Parameter seed() {
            return whole("seed", 0, Integer.MAX_VALUE, 1);
        }

        /** Whether a file has a duration here. */
        public boolean isTime() {
            return unit.equals("s");
        }
    }

    /** How much of each parameter, durations in seconds. */
    record Arguments(Map<String, Double> numbers) {
        Arguments {
            numbers = Map.copyOf(numbers);
        }

        double number(String name) {
            Double number = numbers.get(name);
            if (number == null) {
                throw new IllegalArgumentException("no parameter " + name);
            }
            return number;
        }

        int whole(String name) {
            return (int) number(name);
        }

        Duration time(String name) {
            return Duration.ofNanos(Math.round(number(name) * 1e9));
        }
    }

    private final String text;
    private final String words;
    private final Making making;
    private final List<Parameter> parameters;

    FaultKind(String text, String words, Making making, Parameter... parameters) {
        this.text = text;
        this.words = words;
        this.making = making;
        this.parameters = List.of(parameters);
    }

    /** The name in files, as in {@code wrong-unit}. */
    public String text() {
        return text;
    }

    /** What it does, in a clause. */
    public String words() {
        return words;
    }

    public List<Parameter> parameters() {
        return parameters;
    }

    Making making() {
        return making;
    }

    public static Optional<FaultKind> named(String text) {
        return Arrays.stream(values()).filter(kind -> kind.text.equals(text)).findFirst();
    }

    /** The kind of a fault. */
    public static FaultKind of(Fault fault) {
        return switch (fault) {
            case SilentDevice _ -> SILENT;
            case LostAnswer _ -> LOST;
            case LateAnswer _ -> LATE;
            case SlowAnswer _ -> SLOW;
            case GarbageAnswer _ -> GARBAGE;
            case ExceptionAnswer _ -> EXCEPTION;
            case BusyDevice _ -> BUSY;
            case WrongUnit _ -> WRONG_UNIT;
            case WrongTransaction _ -> WRONG_TRANSACTION;
            case WordCap _ -> WORD_CAP;
            case ZeroFill _ -> ZERO_FILL;
            case SkewedStatus _ -> SKEWED_STATUS;
            case StuckDevice _ -> STUCK_DEVICE;
            case SwappedDevices _ -> SWAPPED;
            case AddressCollision _ -> ADDRESS_COLLISION;
            case StuckValue _ -> STUCK;
            case SentinelValue _ -> SENTINEL;
            case BrokenWire _ -> BROKEN_WIRE;
            case Offset _ -> OFFSET;
            case Drift _ -> DRIFT;
            case Noise _ -> NOISE;
            case Spike _ -> SPIKE;
            case TornValue _ -> TORN;
            case FrozenGateway _ -> FROZEN;
            case PacketLoss _ -> PACKET_LOSS;
            case CutLink _ -> LINK_CUT;
            case SingleMaster _ -> SINGLE_MASTER;
            case LastMaster _ -> LAST_MASTER;
        };
    }

    private static boolean isNumber(Place place) {
        return (place.encoding() instanceof Encoding.Numeric
                        || place.encoding() instanceof Encoding.Loop)
                && place.source()
                        .filter(source -> source.role().type() == Role.Type.NUMBER)
                        .isPresent();
    }

    /** What is senseless of a fault's parameters, and of which; empty if nothing is. */
    static Optional<Map.Entry<String, String>> senseless(Fault fault) {
        if (fault instanceof Spike(var _, var _, Duration every, Duration lasting)
                && lasting.compareTo(every) >= 0) {
            return Optional.of(
                    Map.entry(
                            "lasting",
                            "lasting is no shorter than every: the spike would never end"));
        }
        if (fault instanceof WrongTransaction(int shift) && shift == 0) {
            return Optional.of(Map.entry("shift", "shift is 0: the answer would be right"));
        }
        return Optional.empty();
    }

    private static boolean isTearable(Place place) {
        return isNumber(place) && place.encoding().length() > 1;
    }

    @Override
    public String toString() {
        return text;
    }
}
