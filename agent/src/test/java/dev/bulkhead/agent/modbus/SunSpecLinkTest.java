package dev.bulkhead.agent.modbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Sample;
import dev.bulkhead.rules.signal.SignalId;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.DeviceId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A string's BMS that has its models elsewhere, has others too, or has them wrong, on the bench
 * among its neighbours. In a battery room a value read at another's place is a temperature that
 * isn't there.
 */
class SunSpecLinkTest {
    private static final int MODULES = 17;

    private final Bench bench = new Bench(502);
    private SunSpecUnit unit = canonical();

    /** What becomes of a request to the BMS; empty: no answer. */
    private BiFunction<Bytes, Bytes, Optional<Bytes>> fault = (_, answer) -> Optional.of(answer);

    private int polls;
    private final Rig rig = new Rig(bench.session(), this::asked);

    private void asked(Bytes request, Rig at) {
        if (request.at(6) != Bench.STRING) {
            Rig.good(request, at);
            return;
        }
        // Two registers are a step on the way to the models.
        polls += request.word(10) > 2 ? 1 : 0;
        fault.apply(request, unit.answer(request)).ifPresent(answer -> at.reply(Rig.QUICK, answer));
    }

    private static SunSpecUnit canonical() {
        return new SunSpecUnit(40000).common(66).string(MODULES).end();
    }

    private void run(int seconds) {
        rig.run(Duration.ofSeconds(seconds));
    }

    private Reading latest(String signal) {
        return rig.latest(bench.signal("bms." + signal));
    }

    private String reason(String signal) {
        return assertInstanceOf(Reading.Invalid.class, latest(signal)).reason();
    }

    /** Whatever was said of the string is true or no value; how many values there were. */
    private int checkValues(String what) {
        Map<SignalId, Value> values = SunSpecUnit.values(MODULES);
        int measured = 0;
        for (Rig.Heard heard : rig.heard) {
            SignalId id = bench.signals.get(heard.observation().signal()).id();
            Value expected = values.get(id);
            if (expected != null
                    && heard.observation().reading()
                            instanceof Reading.Measured(var _, var _, Value value)) {
                assertEquals(expected, value, () -> id + " " + what);
                measured++;
            }
        }
        return measured;
    }

    private void checkAllIsRead() {
        SunSpecUnit.values(MODULES)
                .forEach(
                        (id, value) -> {
                            Reading reading = rig.latest(bench.signal(id.toString()));
                            assertEquals(
                                    value,
                                    assertInstanceOf(Reading.Measured.class, reading, id::toString)
                                            .value());
                        });
    }

    private void checkNothingIsRead(String reason) {
        run(12);
        assertEquals(0, checkValues(""));
        assertEquals(reason, reason("V"));
        assertEquals(reason, reason("module[17].ModCellVMin"));
    }

    private List<Integer> addressesAsked() {
        return rig.sent.stream()
                .filter(sent -> sent.unit() == Bench.STRING)
                .map(sent -> sent.bytes().word(8))
                .toList();
    }

    @Test
    void aDeviceLikeTheFileCostsTheWalkOnceForEachConnection() {
        run(12);

        checkAllIsRead();
        assertEquals(
                List.of(40000, 40002, 40070, 40390, 40002, 40070),
                addressesAsked().subList(0, 6),
                "mark, headers, end; then what is read once and what is fast");
        assertEquals(1, addressesAsked().stream().filter(at -> at == 40000).count());
    }

    @Test
    void modelsAreReadWhereverTheyAre() {
        unit =
                new SunSpecUnit(50000)
                        .vendor(64001, 7)
                        .common(65)
                        .vendor(701, 121)
                        .string(MODULES)
                        .vendor(64002, 1)
                        .end();
        run(12);

        checkValues("");
        checkAllIsRead();
    }

    @Test
    void theMarkIsLookedForAtZeroLast() {
        unit = new SunSpecUnit(0).common(66).string(MODULES).end();
        run(12);

        checkAllIsRead();
        assertEquals(List.of(40000, 50000, 0, 2), addressesAsked().subList(0, 4));
    }

    @Test
    void modulesThatAreNotThereAreAReasonAndThoseThatAreAreRead() {
        unit = new SunSpecUnit(40000).common(66).string(9).end();
        run(12);

        checkValues("");
        assertInstanceOf(Reading.Measured.class, latest("module[9].ModCellVMin"));
        assertEquals("the device has 9 of 'module'", reason("module[10].ModCellVMin"));
        assertEquals("the device has 9 of 'module'", reason("module[17].ModCellTmpMax"));
    }

    @Test
    void modulesThatTheSiteDoesNotHaveAreNotRead() {
        unit = new SunSpecUnit(40000).common(66).string(30).end();
        run(12);

        checkValues("");
        checkAllIsRead();
        assertTrue(
                addressesAsked().stream().allMatch(at -> at < 40118 + 16 * 17 || at >= 40118 + 480),
                "nothing of modules 18 to 30, but the end after them");
    }

    @Test
    void noMarkIsAReason() {
        unit = new SunSpecUnit(40100).common(66).string(MODULES).end();
        checkNothingIsRead("'SunS' is at none of 40000, 50000, 0");
    }

    @Test
    void aMissingModelIsAReason() {
        unit = new SunSpecUnit(40000).common(66).vendor(802, 62).end();
        checkNothingIsRead("it has no model 804; its chain is 1 at 40002, 802 at 40070");
    }

    @Test
    void aModelThatIsThereTwiceIsAReason() {
        unit = new SunSpecUnit(40000).common(66).string(1).string(2).end();
        checkNothingIsRead(
                "it has model 804 2 times, and the register map doesn't say which;"
                        + " its chain is 1 at 40002, 804 at 40070, 804 at 40134");
    }

    @Test
    void aLengthThatNoNumberOfModulesHasIsAReason() {
        unit = new SunSpecUnit(40000).common(66).string(317, MODULES).end();
        String reason = "model 804 at 40070: L is 317; expected 46 and 16 for each item";
        checkNothingIsRead(reason);
        assertEquals(List.of(new LinkNews.DeviceUnproved(new DeviceId("bms"), reason)), rig.news);
    }

    @Test
    void aLengthAndACountThatContradictEachOtherAreAReason() {
        unit = new SunSpecUnit(40000).common(66).string(46 + 16 * 17, 16).end();
        checkNothingIsRead("identity: NMod: expected '17', got '16'");
    }

    @Test
    void aChainWithoutAnEndIsAReason() {
        unit = new SunSpecUnit(40000).common(66).string(MODULES);
        checkNothingIsRead(
                "no model and no end at 40390: exception 2 (illegal data address);"
                        + " its chain is 1 at 40002, 804 at 40070");
    }

    @Test
    void aChainThatGoesOnForEverIsAReasonAndCostsTheNeighboursNothing() {
        unit = new SunSpecUnit(40000).common(66).string(MODULES);
        for (int i = 0; i < 400; i++) {
            unit.vendor(64000, 1);
        }
        checkNothingIsRead("it has more than 300 models");
        checkNeighbours();
    }

    @Test
    void aChainPastTheLastAddressIsAReason() {
        unit = new SunSpecUnit(40000).common(66).put(40070, 804).put(40071, 65535);
        checkNothingIsRead("ID 804, L 65535 at 40070 leaves no place for an end");
    }

    @Test
    void headersOfZeroesAreAReason() {
        unit = new SunSpecUnit(40000).common(66).put(40070, 0).put(40071, 0);
        checkNothingIsRead("ID 0, L 0 at 40070 is no model and no end; its chain is 1 at 40002");
    }

    private void checkNeighbours() {
        int signal = bench.signal("loops.ai1");
        List<Instant> at = new ArrayList<>();
        for (Rig.Heard heard : rig.heard) {
            if (heard.observation().signal() == signal) {
                at.add(heard.at());
            }
        }
        for (int i = 1; i < at.size(); i++) {
            Duration between = Duration.between(at.get(i - 1), at.get(i));
            assertTrue(
                    between.compareTo(Duration.ofMillis(1100)) < 0,
                    "a neighbour waited for " + between);
        }
        assertTrue(at.size() >= 11, "a neighbour was read " + at.size() + " times");
    }

    @Test
    void aBusyDeviceInTheMiddleOfTheWalkIsAskedAgainFromTheStart() {
        int[] asked = {0};
        fault =
                (request, answer) ->
                        Optional.of(++asked[0] == 3 ? BenchUnits.exception(request, 6) : answer);
        run(12);

        checkAllIsRead();
        assertEquals(
                List.of(40000, 40002, 40070, 40000, 40002, 40070, 40390),
                addressesAsked().subList(0, 7));
    }

    @Test
    void anAnswerThatComesLateInTheWalkIsNotTakenForTheNext() {
        int[] asked = {0};
        fault =
                (request, answer) -> {
                    if (++asked[0] == 3) {
                        rig.replyEver(Duration.ofMillis(1500), answer);
                        return Optional.empty();
                    }
                    return Optional.of(answer);
                };
        run(15);

        checkValues("");
        checkAllIsRead();
    }

    @Test
    void aDeviceWithMoreModulesAfterAReconnectIsReadAnew() {
        unit = new SunSpecUnit(40000).common(66).string(9).end();
        run(7);
        unit = new SunSpecUnit(50000).vendor(64001, 5).common(66).string(MODULES).end();
        rig.close(Duration.ofMillis(1));
        run(12);

        checkValues("");
        checkAllIsRead();
    }

    @Test
    void aDeviceThatMovesItsModelsOnALiveConnectionIsFoundAgain() {
        run(7);
        unit = new SunSpecUnit(40000).vendor(64001, 16).common(66).string(MODULES).end();
        int before = rig.connects.size();
        run(12);

        checkValues("");
        checkAllIsRead();
        assertEquals(before, rig.connects.size());
        assertTrue(
                rig.readings(bench.signal("bms.V"))
                        .anyMatch(
                                reading ->
                                        reading instanceof Reading.Invalid invalid
                                                && invalid.reason().contains("model")),
                () -> rig.readings(bench.signal("bms.V")).toList().toString());
    }

    /** Its modules answer before its model's ID and L could show that they are others now. */
    @Test
    void modulesReadRightAfterTheModelsMovedAreNotBelieved() {
        int[] asked = {0};
        fault =
                (request, answer) -> {
                    if (request.word(8) == 40230 && ++asked[0] == 2) {
                        unit =
                                new SunSpecUnit(40000)
                                        .vendor(64001, 16)
                                        .common(66)
                                        .string(MODULES)
                                        .end();
                        return Optional.of(unit.answer(request));
                    }
                    return Optional.of(answer);
                };
        run(20);

        assertTrue(asked[0] >= 2);
        checkValues("");
        checkAllIsRead();
    }

    /** Its modules answer by a scale factor that its fixed part hasn't told yet. */
    @Test
    void modulesReadRightAfterTheScaleFactorChangedAreNotBelieved() {
        run(7);
        fault =
                (request, answer) -> {
                    if (request.word(8) == 40230) {
                        unit = canonical().put(40113, 0xFFFE);
                        for (int i = 0; i < MODULES; i++) {
                            unit.put(40118 + 16 * i + 5, 300).put(40118 + 16 * i + 7, 350);
                        }
                        return Optional.of(unit.answer(request));
                    }
                    return Optional.of(answer);
                };
        run(20);

        var volts =
                rig.readings(bench.signal("bms.module[8].ModCellVMin"))
                        .flatMap(
                                reading ->
                                        reading instanceof Reading.Measured measured
                                                ? Stream.of(measured.value())
                                                : Stream.empty())
                        .distinct()
                        .toList();
        assertEquals(List.of(new Value.Quantity(3.008), new Value.Quantity(3)), volts);
    }

    /** What is answered and not numbered would be missing in the store, and nobody would know. */
    @Test
    void everyAnsweredPollIsASampleAlsoThoseThatNothingProved() {
        rig.run(Duration.ofMillis(8500));
        unit = new SunSpecUnit(50000).common(66).string(MODULES).end();
        rig.run(Duration.ofMillis(5100));
        rig.finish();
        run(3);

        var numbers =
                rig.samples.stream()
                        .filter(sample -> sample.device().value().equals("bms"))
                        .map(Sample::sequence)
                        .toList();
        assertEquals(LongStream.rangeClosed(1, numbers.size()).boxed().toList(), numbers);
        assertEquals(polls, numbers.size());
    }

    @Test
    void aDeviceThatGivesItsModelsAtAnotherBaseOnALiveConnectionIsFoundAgain() {
        run(7);
        unit = new SunSpecUnit(50000).common(66).string(MODULES).end();
        run(12);

        checkValues("");
        checkAllIsRead();
    }

    @Test
    void whatADeviceSaysOfAWrongChainIsNoSilence() {
        unit = new SunSpecUnit(40000).common(66).end();
        run(20);

        assertFalse(
                rig.heard.stream()
                        .filter(heard -> heard.observation().signal() == bench.signal("bms.V"))
                        .anyMatch(
                                heard -> heard.observation().reading() instanceof Reading.Silent));
    }

    @Test
    void whateverTheChainValuesAreThoseThatWerePutInOrReasons() {
        int measured = 0;
        for (long seed = 0; seed < 400; seed++) {
            var test = new SunSpecLinkTest();
            var random = new SplittableRandom(seed);
            test.unit = random(random);
            test.run(6);
            test.rig.run(Duration.ofMillis(random.nextInt(5000)));
            test.unit = random(random);
            if (random.nextBoolean()) {
                test.rig.close(Duration.ofMillis(random.nextInt(20)));
            }
            test.run(8);
            measured += test.checkValues("of seed " + seed);
        }
        assertTrue(measured > 10_000, "only " + measured + " values were read");
    }

    private static SunSpecUnit random(SplittableRandom random) {
        var unit = new SunSpecUnit(SunSpecWalk.BASES.get(random.nextInt(3)));
        others(unit, random);
        unit.common(random.nextInt(10) == 0 ? 64 : 65 + random.nextInt(2));
        others(unit, random);
        int modules = random.nextInt(4) == 0 ? random.nextInt(30) : MODULES;
        switch (random.nextInt(12)) {
            case 0 -> unit.string(46 + 16 * modules + random.nextInt(1, 16), modules);
            case 1 -> unit.string(46 + 16 * (modules + 1), modules);
            case 2 -> unit.string(modules).string(modules);
            case 3 -> others(unit, random);
            default -> unit.string(modules);
        }
        others(unit, random);
        return random.nextInt(10) == 0 ? unit : unit.end();
    }

    private static void others(SunSpecUnit unit, SplittableRandom random) {
        for (int i = random.nextInt(3); i > 0; i--) {
            unit.vendor(random.nextInt(60_000, 65_000), random.nextInt(1, 130));
        }
    }
}
