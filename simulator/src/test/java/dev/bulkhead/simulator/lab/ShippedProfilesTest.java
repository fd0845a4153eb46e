package dev.bulkhead.simulator.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.Profile.Encoding;
import dev.bulkhead.rules.profile.Profile.Range;
import dev.bulkhead.rules.profile.Profile.Stored;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Signal;
import dev.bulkhead.rules.signal.SignalId;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import dev.bulkhead.rules.site.Wire;
import dev.bulkhead.simulator.ShippedProfiles;
import dev.bulkhead.simulator.device.SentinelValue;
import dev.bulkhead.simulator.device.Serving;
import dev.bulkhead.simulator.device.SimulatedGateway;
import dev.bulkhead.simulator.device.StuckValue;
import dev.bulkhead.simulator.device.Truth;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each shipped register map is served by the simulator and read by the agent: what the agent
 * measures is what is so. That both share a mistake of the map, {@code ProfileWordsTest} rules out.
 */
class ShippedProfilesTest {
    private static final SequencedMap<ProfileId, Profile> PROFILES = ShippedProfiles.all();
    private static final List<Site> SITES =
            List.of(Shelf.shipped("two-rooms"), Shelf.shipped("pangyo-rebuilt"));

    /** How often all is so otherwise; a UPS is in each mode twice. */
    private static final int PHASES = 8;

    private static final Set<Role> OF_A_MODE =
            Set.of(
                    Role.UPS_RECTIFIER_INPUT,
                    Role.UPS_INVERTER_ON,
                    Role.UPS_LOAD_ON_INVERTER,
                    Role.UPS_ON_BATTERY,
                    Role.UPS_ON_BYPASS);

    /** On line, on battery, on bypass, off: a UPS never does two things at once. */
    private static final List<Set<Role>> MODES =
            List.of(
                    Set.of(
                            Role.UPS_RECTIFIER_INPUT,
                            Role.UPS_INVERTER_ON,
                            Role.UPS_LOAD_ON_INVERTER),
                    Set.of(Role.UPS_INVERTER_ON, Role.UPS_LOAD_ON_INVERTER, Role.UPS_ON_BATTERY),
                    Set.of(Role.UPS_RECTIFIER_INPUT, Role.UPS_ON_BYPASS),
                    Set.of());

    private static final List<Position> POSITIONS = List.of(Position.values());

    private record Fact(Role role, Subject of) {}

    /** What is so in a phase; any number is one that the device can say. */
    private record Facts(Map<Fact, Range> ranges, IntSupplier now) implements Truth {
        @Override
        public Value sense(Role role, Subject of) {
            int phase = now.getAsInt();
            var random = new SplittableRandom((role + " " + of + " " + phase).hashCode());
            return switch (role.type()) {
                case NUMBER -> {
                    Range range =
                            ranges.getOrDefault(
                                    new Fact(role, of), new Range(role.low(), role.high()));
                    yield new Value.Quantity(random.nextDouble(range.low(), range.high()));
                }
                case FLAG ->
                        new Value.Flag(
                                OF_A_MODE.contains(role)
                                        ? MODES.get(phase % MODES.size()).contains(role)
                                        : random.nextBoolean());
                case POSITION -> new Value.At(POSITIONS.get(phase % POSITIONS.size()));
            };
        }

        @Override
        public boolean select(BreakerId breaker) {
            return false;
        }

        @Override
        public boolean trip(BreakerId breaker) {
            return false;
        }

        @Override
        public boolean answers(DeviceId device) {
            return true;
        }
    }

    /** A device of a profile, simulated, and its signals. */
    private record Served(Site site, Device device, Map<Signal, Encoding> signals) {
        /** As a shipped site has it, with its number and wiring; else as a device of its own. */
        private static Served of(Profile profile) {
            return SITES.stream()
                    .flatMap(
                            site ->
                                    site.devices().values().stream()
                                            .filter(each -> each.profile().equals(profile.id()))
                                            .map(device -> of(site, device, profile)))
                    .findFirst()
                    .orElseGet(
                            () -> {
                                Site site = Shelf.with(profile);
                                Device device = Site.known(site.devices(), Shelf.DEVICE);
                                return of(site, device, profile);
                            });
        }

        private static Served of(Site site, Device device, Profile profile) {
            Map<Signal, Encoding> signals = new LinkedHashMap<>();
            for (Signal signal : SignalTable.of(site, PROFILES).ofDevice(device.id())) {
                signals.put(signal, encoding(profile, signal.point()));
            }
            return new Served(site, device, signals);
        }

        private static Encoding encoding(Profile profile, String qualified) {
            int dot = qualified.indexOf('.');
            List<Profile.Point> points =
                    dot < 0
                            ? profile.points()
                            : profile.groups().stream()
                                    .filter(each -> qualified.startsWith(each.name() + "["))
                                    .findFirst()
                                    .orElseThrow()
                                    .points();
            return points.stream()
                    .filter(point -> point.name().equals(qualified.substring(dot + 1)))
                    .findFirst()
                    .orElseThrow()
                    .encoding();
        }

        private Facts facts(IntSupplier phase) {
            Map<Fact, Range> ranges = new LinkedHashMap<>();
            signals.forEach(
                    (signal, encoding) -> {
                        if (signal.role().type() == Role.Type.NUMBER) {
                            ranges.put(
                                    new Fact(signal.role(), signal.of()), range(signal, encoding));
                        }
                    });
            return new Facts(ranges, phase);
        }

        /** Between these both the role and the device have a value. */
        private Range range(Signal signal, Encoding encoding) {
            Range device =
                    switch (encoding) {
                        case Encoding.Loop _ -> {
                            Wire.Span span = span(signal);
                            yield new Range(span.low(), span.high());
                        }
                        case Encoding.Numeric(var stored, var scaling, var range)
                                when scaling.scaleFactor().isEmpty()
                                        && !stored.raw().isFloating() -> {
                            double most = 0.9 * 0x1p15 * Math.abs(step(signal, encoding));
                            yield range.orElse(new Range(scaling.offset(), most));
                        }
                        case Encoding.Numeric(var _, var _, var range) ->
                                range.orElse(new Range(-1000, 1000));
                        case Encoding.Listed _,
                                Encoding.Bit _,
                                Encoding.Contacts _,
                                Encoding.Text _ ->
                                throw new AssertionError(signal + " is no number by " + encoding);
                    };
            return new Range(
                    Math.max(device.low(), signal.role().low()),
                    Math.min(device.high(), signal.role().high()));
        }

        private Wire.Span span(Signal signal) {
            return device.wires().stream()
                    .filter(wire -> wire.point().equals(signal.point()))
                    .findFirst()
                    .flatMap(Wire::span)
                    .orElseThrow();
        }

        /** From one number that the device can say to the next. */
        private double step(Signal signal, Encoding encoding) {
            return switch (encoding) {
                case Encoding.Loop _ -> (span(signal).high() - span(signal).low()) / 16000;
                case Encoding.Numeric(Stored stored, var _, var _) when stored.raw().isFloating() ->
                        1e-3;
                // The device chooses the decimals: at least three figures.
                case Encoding.Numeric(var _, var scaling, var _)
                        when scaling.scaleFactor().isPresent() ->
                        (signal.role().high() - signal.role().low()) / 1000;
                case Encoding.Numeric(var _, var scaling, var _) ->
                        scaling.scale() / Math.scalb(1.0, scaling.fractionBits());
                case Encoding.Listed _, Encoding.Bit _, Encoding.Contacts _, Encoding.Text _ -> 0;
            };
        }

        private SimulatedGateway gateway(Truth truth) {
            return Site.known(
                    Serving.gateways(site, PROFILES, truth, UnaryOperator.identity()),
                    device.gateway());
        }

        private SequencedMap<SignalId, Reading> readings(SimulatedGateway gateway) {
            return AgentLink.readings(site, PROFILES, device.gateway(), AgentLink.Peer.of(gateway));
        }
    }

    /** All but one of which no value has a role: UnitImageTest has what a module shows. */
    static List<Profile> profiles() {
        return PROFILES.values().stream()
                .filter(profile -> !profile.id().value().equals("sunspec-module"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void whatIsSoIsMeasured(Profile profile) {
        Served served = Served.of(profile);
        assertTrue(!served.signals().isEmpty(), "there is a signal");
        Map<SignalId, Set<Value>> measured = new LinkedHashMap<>();
        for (int phase = 0; phase < PHASES; phase++) {
            int now = phase;
            Facts facts = served.facts(() -> now);
            SequencedMap<SignalId, Reading> readings = served.readings(served.gateway(facts));
            served.signals()
                    .forEach(
                            (signal, encoding) -> {
                                Reading reading = Site.known(readings, signal.id());
                                // A code may say nothing of a flag, as "on bypass" of mains.
                                if (encoding instanceof Encoding.Listed
                                        && reading instanceof Reading.Invalid invalid
                                        && invalid.reason().contains("is none of the values")) {
                                    return;
                                }
                                var value =
                                        assertInstanceOf(
                                                        Reading.Measured.class,
                                                        reading,
                                                        signal.id() + ": " + reading)
                                                .value();
                                check(
                                        signal,
                                        facts.sense(signal.role(), signal.of()),
                                        value,
                                        served.step(signal, encoding));
                                measured.computeIfAbsent(signal.id(), _ -> new HashSet<>())
                                        .add(value);
                            });
        }
        served.signals()
                .keySet()
                .forEach(
                        signal ->
                                assertTrue(
                                        measured.getOrDefault(signal.id(), Set.of()).size() > 1,
                                        () -> signal.id() + " was always the same"));
    }

    private static void check(Signal signal, Value so, Value measured, double step) {
        if (so instanceof Value.Quantity(double number)
                && measured instanceof Value.Quantity(double heard)) {
            assertEquals(number, heard, step, () -> signal.id().toString());
        } else {
            assertEquals(so, measured, () -> signal.id().toString());
        }
    }

    /** No value is said to be one, and costs its neighbours nothing. */
    @ParameterizedTest
    @MethodSource("profiles")
    void aSentinelIsNoValueAndOfItsPointOnly(Profile profile) {
        Served served = Served.of(profile);
        served.signals()
                .forEach(
                        (signal, encoding) -> {
                            if (encoding instanceof Encoding.Numeric numeric
                                    && !numeric.stored().sentinels().isEmpty()) {
                                checkSentinel(served, signal);
                            }
                        });
    }

    private static void checkSentinel(Served served, Signal of) {
        SimulatedGateway gateway = served.gateway(served.facts(() -> 0));
        gateway.inflict(served.device().id(), new SentinelValue(of.point()));
        SequencedMap<SignalId, Reading> readings = served.readings(gateway);
        served.signals()
                .forEach(
                        (signal, encoding) -> {
                            Reading reading = Site.known(readings, signal.id());
                            if (signal.equals(of)) {
                                var invalid = assertInstanceOf(Reading.Invalid.class, reading);
                                assertTrue(
                                        invalid.reason().startsWith("the device has no value"),
                                        invalid.reason());
                            } else if (!(encoding instanceof Encoding.Listed)) {
                                assertInstanceOf(Reading.Measured.class, reading);
                            }
                        });
    }

    /** One register says whether a UPS is on line, on battery or on bypass: it is stuck as one. */
    @Test
    void aStuckModeIsStuckForAllThatIsReadFromIt() {
        Served served = Served.of(Site.known(PROFILES, new ProfileId("huawei-ups2000")));
        var phase = new AtomicInteger();
        SimulatedGateway gateway = served.gateway(served.facts(phase::get));
        gateway.inflict(Shelf.DEVICE, new StuckValue("battery"));
        phase.set(MODES.size() - 2);

        assertEquals(List.of(true, true, false, false), mode(served, gateway));
        gateway.mend(Shelf.DEVICE, new StuckValue("battery"));
        phase.set(1);
        assertEquals(List.of(false, true, false, true), mode(served, gateway));
    }

    private static List<Boolean> mode(Served served, SimulatedGateway gateway) {
        SequencedMap<SignalId, Reading> readings = served.readings(gateway);
        return Stream.of("mains", "inverter", "bypass", "battery")
                .map(point -> Site.known(readings, new SignalId(Shelf.DEVICE + "." + point)))
                .map(Reading.Measured.class::cast)
                .map(measured -> ((Value.Flag) measured.value()).isSet())
                .toList();
    }
}
