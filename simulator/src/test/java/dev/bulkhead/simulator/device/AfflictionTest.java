package dev.bulkhead.simulator.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.Document;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.simulator.ShippedProfiles;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Faults as files name them. */
class AfflictionTest {
    private static final DeviceId STRING = new DeviceId("A1-S01-bms");
    private final TwoRooms site = new TwoRooms();

    private Document.Parsed<Optional<Affliction>> read(String text) {
        return parse(text, table -> Affliction.read(table, site.site, ShippedProfiles.all()));
    }

    private static <T> Document.Parsed<T> parse(String text, Function<Document.Table, T> reader) {
        return Document.parse("s.yaml", text, reader);
    }

    private Affliction affliction(String text) {
        return read(text).orElseThrow().orElseThrow();
    }

    @Test
    void aFaultIsReadWithItsPlaceAndParameters() {
        assertEquals(
                new Affliction(
                        new Target.OfPoint(STRING, "module[2].ModCellTmpMax"),
                        new Spike(
                                "module[2].ModCellTmpMax",
                                -3.5,
                                Duration.ofMinutes(1),
                                Duration.ofMillis(1500))),
                affliction(
                        """
                        fault: spike
                        device: A1-S01-bms
                        point: module[2].ModCellTmpMax
                        by: -3.5
                        lasting: 1.5 s
                        """));
        assertEquals(
                new Affliction(new Target.OfDevice(STRING), new ExceptionAnswer(6)),
                affliction("{fault: exception, device: A1-S01-bms, code: 6}"));
        assertEquals(
                new Affliction(
                        new Target.OfPair(STRING, new DeviceId("A1-S02-bms")),
                        new SwappedDevices(new DeviceId("A1-S02-bms"))),
                affliction("{fault: swapped, device: A1-S01-bms, with: A1-S02-bms}"));
        assertEquals(
                new Affliction(new Target.OfGateway(new GatewayId("A1-bms")), new FrozenGateway()),
                affliction("{fault: frozen, gateway: A1-bms}"));
    }

    @Test
    void everyMistakeIsSaid() {
        assertProblem("{}", "1:1: 'fault' is missing");
        assertProblem(
                "{fault: frozzen}", "1:9: there is no fault 'frozzen'; did you mean 'frozen'?");
        assertProblem("{fault: silent}", "1:1: 'device' is missing");
        assertProblem(
                "{fault: packet-loss, device: A1-offgas, percent: 3}",
                "1:30: packet-loss is of a gateway; expected 'gateway' instead");
        assertProblem(
                "{fault: late, gateway: A1-bms, by: 1 s}",
                "1:24: late is of a device; expected 'device' instead");
        assertProblem(
                "{fault: silent, device: A1-S01-bmx}",
                "1:25: the site has no device 'A1-S01-bmx';" + " did you mean 'A1-S01-bms'?");
        assertProblem(
                "{fault: offset, device: A1-offgas, point: di1}",
                "1:43: offset is of a number, which di1 of A1-offgas isn't; there is none");
        assertProblem(
                "{fault: swapped, device: A1-S01-bms, with: A1-S01-bms}",
                "1:44: 'A1-S01-bms' is no other device behind A1-bms, the gateway of A1-S01-bms;"
                        + " expected one of A1-S02-bms, A1-S03-bms, A1-S04-bms, A1-bank1,"
                        + " A1-bank2");
        assertProblem(
                "{fault: torn, device: A1-climate, point: ai1}",
                "1:42: torn is of a number of several registers, which ai1 of A1-climate isn't;"
                        + " there is none");
        assertProblem(
                "{fault: drift, device: A1-climate, point: ai9}",
                "1:43: A1-climate shows nothing of the plant at a point 'ai9';"
                        + " expected one of ai1, ai2, ai3, ai4");
        assertProblem(
                "{fault: late, device: A1-S01-bms, by: 1 h}", "1:39: expected 0.001 s to 600.0 s");
        assertProblem("{fault: late, device: A1-S01-bms, point: V}", "1:35: unknown key 'point'");
    }

    /** What follows from a mistake is none of its own. */
    @Test
    void keysOfAFaultOrADeviceThatIsNotKnownAreNotHeldAgainstIt() {
        assertProblem(
                "{fault: drifft, device: A1-climate, point: ai1, per-hour: 1}",
                "1:9: there is no fault 'drifft'; did you mean 'drift'?");
        assertProblem(
                "{fault: drift, device: A1-climat, point: ai1, per-hour: 1}",
                "1:24: the site has no device 'A1-climat'; did you mean 'A1-climate'?");
    }

    @Test
    void aFaultThatIsNoneIsRefused() {
        assertProblem(
                "{fault: spike, device: A1-climate, point: ai1, every: 1 s, lasting: 10 s}",
                "1:69: lasting is no shorter than every: the spike would never end");
        assertProblem(
                "{fault: wrong-transaction, device: A1-climate, shift: 0}",
                "1:55: shift is 0: the answer would be right");
    }

    private void assertProblem(String text, String problem) {
        assertEquals(List.of("s.yaml:" + problem), read(text).lines());
    }

    @Test
    void mendingNamesTheFaultAndItsPlaceOnly() {
        affliction("{fault: offset, device: A1-S01-bms, point: V, by: 1}")
                .inflict(site.site, site.gateways);
        affliction("{fault: offset, device: A1-S01-bms, point: A, by: 1}")
                .inflict(site.site, site.gateways);
        assertEquals("000A 000A", site.registers("A1-bms", 1, 40083, 2));
        parse(
                        "{fault: offset, device: A1-S01-bms, point: V}",
                        table -> Affliction.readMending(table, site.site, ShippedProfiles.all()))
                .orElseThrow()
                .orElseThrow()
                .mend(site.site, site.gateways);
        assertEquals("000A 0000", site.registers("A1-bms", 1, 40083, 2));
    }

    @Test
    void whereNobodyWatchesNothingIsInflicted() {
        Affliction silent = affliction("{fault: silent, device: A1-S01-bms}");
        silent.inflict(site.site, Map.of());
        silent.mending().mend(site.site, Map.of());
    }

    @Test
    void aFaultOfSomethingElseIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> Affliction.of(FaultKind.FROZEN, new Target.OfDevice(STRING), Map.of()));
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        Affliction.of(
                                FaultKind.SILENT, new Target.OfDevice(STRING), Map.of("by", 1.0)));
    }
}
