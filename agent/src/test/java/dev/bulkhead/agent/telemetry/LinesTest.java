package dev.bulkhead.agent.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.Facility;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Sample;
import dev.bulkhead.rules.signal.SignalId;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.DeviceId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** If these fail, a store refuses what we say, or draws it beside what it is of. */
class LinesTest {
    private static final Facility FACILITY =
            Facility.load(Path.of("../simulator/src/main/sites/two-rooms/site.yaml")).orElseThrow();
    private static final long RUN = 1_764_108_000_000L;
    private static final Instant AT = Instant.ofEpochSecond(1_764_108_007L, 123_456_789);
    private static final String NANOS = " 1764108007123456789";

    private final Lines lines = new Lines(FACILITY.site(), FACILITY.signals());

    private static int signal(String id) {
        return FACILITY.signals().find(new SignalId(id)).orElseThrow().index();
    }

    private static Observation measured(String id, Value value) {
        return new Observation(signal(id), new Reading.Measured(AT, 7, value));
    }

    private static Observation invalid(String id, String reason) {
        return new Observation(signal(id), new Reading.Invalid(AT, 7, reason));
    }

    private List<String> of(String device, Observation... observations) {
        return lines.of(
                        new Sample(
                                new DeviceId(device),
                                7,
                                Instant.EPOCH,
                                Optional.of(Duration.ofMillis(1002)),
                                Arrays.asList(observations)),
                        RUN,
                        AT)
                .lines()
                .toList();
    }

    private static Value.Quantity number(double number) {
        return new Value.Quantity(number);
    }

    private static Value.Flag flag(boolean isSet) {
        return new Value.Flag(isSet);
    }

    @Test
    void aSampleIsAPointOfWhatItIsOfAndOneOfItself() {
        assertEquals(
                List.of(
                        "room,device=A1-hydrogen1,room=A1,site=two-rooms,subject=A1"
                                + " hydrogen=0.4,quality=\"good\",sequence=7i"
                                + NANOS,
                        "poll,device=A1-hydrogen1,gateway=A1-field,site=two-rooms"
                                + " interval=1.002,measured=1i,quality=\"good\",run=1764108000000i,sequence=7i,"
                                + "signals=1i"
                                + NANOS),
                of("A1-hydrogen1", measured("A1-hydrogen1.gas", number(0.4))));
    }

    @Test
    void aRackAndItsModulesArePointsOfTheirOwnInTheRoomTheyStandIn() {
        assertEquals(
                List.of(
                        "rack,device=A1-S01-bms,room=A1,site=two-rooms,subject=A1-S01"
                                + " contactorClosed=true,current=-12.5,quality=\"good\","
                                + "sequence=7i,voltage=520.0"
                                + NANOS,
                        "module,device=A1-S01-bms,room=A1,site=two-rooms,subject=A1-S01/17"
                                + " quality=\"good\",sequence=7i,temperature=31.0"
                                + NANOS,
                        "poll,device=A1-S01-bms,gateway=A1-bms,site=two-rooms"
                                + " interval=1.002,measured=4i,quality=\"good\",run=1764108000000i,sequence=7i,"
                                + "signals=4i"
                                + NANOS),
                of(
                        "A1-S01-bms",
                        measured("A1-S01-bms.V", number(520)),
                        measured("A1-S01-bms.module[17].ModCellTmpMax", number(31)),
                        measured("A1-S01-bms.A", number(-12.5)),
                        measured("A1-S01-bms.Contactor", flag(true))));
    }

    /** A store fixes a field's type by its first value and refuses every other one for good. */
    @ParameterizedTest
    @ValueSource(
            doubles = {
                0,
                -0.0,
                1,
                -1,
                520,
                0.1,
                1e-3,
                9.999e-4,
                1e-9,
                Double.MIN_VALUE,
                1e7,
                12_345_678.9,
                1e15,
                1e16,
                9_007_199_254_740_991d,
                1e21,
                -Double.MAX_VALUE
            })
    void aNumberIsAFloatWhateverItsValueAndLosesNothing(double number) {
        String line = of("A1-hydrogen1", measured("A1-hydrogen1.gas", number(number))).getFirst();
        Matcher field = Pattern.compile(" hydrogen=(-?[0-9.]+(E-?[0-9]+)?),").matcher(line);
        assertTrue(field.find(), line);
        assertEquals(number, Double.parseDouble(field.group(1)), 0, line);
    }

    @ParameterizedTest
    @EnumSource(Position.class)
    void aPositionIsAText(Position position) {
        String line =
                of(
                                "A1-breakers",
                                measured("A1-breakers.breaker[3].position", new Value.At(position)),
                                measured("A1-breakers.breaker[3].tripped", flag(false)))
                        .getFirst();
        assertEquals(
                "breaker,device=A1-breakers,room=A1,site=two-rooms,subject=QS-A1-01 position=\""
                        + position.name()
                        + "\",quality=\"good\",sequence=7i,tripped=false"
                        + NANOS,
                line);
    }

    /** What is no measurement must not look like one, and must not be lost either. */
    @Test
    void whatIsInvalidHasNoValueButSaysWhy() {
        List<String> all =
                of(
                        "A1-S01-bms",
                        measured("A1-S01-bms.V", number(520)),
                        invalid("A1-S01-bms.SoC", "655.35 % is no charge"),
                        invalid("A1-S01-bms.A", "the device says it has none"));
        assertEquals(
                "rack,device=A1-S01-bms,room=A1,site=two-rooms,subject=A1-S01"
                        + " quality=\"partial\",sequence=7i,voltage=520.0,"
                        + "why=\"stateOfCharge: 655.35 % is no charge; current: the device says it"
                        + " has none\""
                        + NANOS,
                all.getFirst());
        assertTrue(
                all.getLast().contains(" interval=1.002,measured=1i,quality=\"partial\","),
                all.getLast());
        assertTrue(all.getLast().contains(",signals=3i "), all.getLast());
    }

    @Test
    void whereNothingIsMeasuredThePointSaysSo() {
        List<String> all = of("A1-hydrogen1", invalid("A1-hydrogen1.gas", "exception 4"));
        assertEquals(
                "room,device=A1-hydrogen1,room=A1,site=two-rooms,subject=A1"
                        + " quality=\"invalid\",sequence=7i,why=\"hydrogen: exception 4\""
                        + NANOS,
                all.getFirst());
        assertTrue(
                all.getLast().contains(" interval=1.002,measured=0i,quality=\"invalid\","),
                all.getLast());
    }

    /** It was polled and answered, so it counts; else its number would be missing in the store. */
    @Test
    void aPollThatOnlyShowedWhatDeviceItIsIsCountedToo() {
        assertEquals(
                List.of(
                        "poll,device=A1-lfl,gateway=A1-field,site=two-rooms"
                                + " interval=1.002,measured=0i,quality=\"good\",run=1764108000000i,sequence=7i,"
                                + "signals=0i"
                                + NANOS),
                of("A1-lfl"));
    }

    /**
     * Eight heat detectors of one room on one panel: without a tag of its own each would write over
     * the one before, and a room where one of eight is hot would look cool.
     */
    @Test
    void whatADeviceSaysTwiceOfOneThingIsToldApartByItsPoint() {
        List<String> all =
                of(
                        "A1-contacts",
                        measured("A1-contacts.di3", flag(true)),
                        measured("A1-contacts.di4", flag(false)),
                        measured("A1-contacts.di13", flag(false)),
                        measured("A1-contacts.di14", flag(true)));
        String tags = "room,device=A1-contacts,";
        String rest = "room=A1,site=two-rooms,subject=A1 ";
        String fields = ",quality=\"good\",sequence=7i" + NANOS;
        assertEquals(
                List.of(
                        tags
                                + "point=di3,"
                                + rest
                                + "heat=true,quality=\"good\",sequence=7i"
                                + NANOS,
                        tags
                                + "point=di4,"
                                + rest
                                + "heat=false,quality=\"good\",sequence=7i"
                                + NANOS,
                        tags + rest + "doorOpen=false,fanRunning=true" + fields),
                all.subList(0, 3));
    }

    /** A line end that gets through is a second line, which a store refuses or believes. */
    @Test
    void noReasonBreaksALine() {
        List<String> all =
                of(
                        "A1-hydrogen1",
                        invalid("A1-hydrogen1.gas", "it said \"no\\\"\r\nroom hydrogen=99\u0000"));
        assertEquals(2, all.size(), () -> "" + all);
        assertTrue(
                all.getFirst()
                        .contains("why=\"hydrogen: it said \\\"no\\\\\\\"  room hydrogen=99 \" 17"),
                all.getFirst());
        assertFalse(all.getFirst().chars().anyMatch(Character::isISOControl));
    }

    /** Every sample of every device, so that no role and no name of a site is left out. */
    @Test
    void everySignalOfASiteIsAFieldOfTheMeasurementItsRoleNames() {
        FACILITY.signals()
                .all()
                .forEach(
                        signal -> {
                            Value value =
                                    switch (signal.role().type()) {
                                        case NUMBER -> number(1);
                                        case FLAG -> flag(true);
                                        case POSITION -> new Value.At(Position.OPEN);
                                    };
                            String line =
                                    of(
                                                    signal.device().value(),
                                                    measured(signal.id().value(), value))
                                            .getFirst();
                            String[] role = signal.role().text().split("\\.", -1);
                            assertTrue(line.startsWith(role[0] + ",device="), line);
                            assertTrue(line.contains(",room=" + signal.room().value() + ","), line);
                            assertTrue(
                                    Pattern.compile("[ ,]" + role[1] + "=").matcher(line).find(),
                                    line);
                        });
    }
}
