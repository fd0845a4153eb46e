package dev.bulkhead.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.modbus.Change;
import dev.bulkhead.rules.profile.Profile.Table;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Link;
import dev.bulkhead.rules.site.SerialLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person's write must not act on: else a drill opens a breaker the agent counts on. */
final class ReachTest {
    private static final Facility FACILITY = Facility.load(Sites.TWO_ROOMS).orElseThrow();
    private static final Set<BreakerId> NOTHING = Set.of();

    private static Change coils(int address, Integer... values) {
        return new Change(Table.COIL, address, List.of(values), values.length > 1);
    }

    private static Change register(int address) {
        return new Change(Table.HOLDING, address, List.of(1), false);
    }

    private static Reach reach(Documented site, String device, Change change) {
        return Reach.of(site, site.device(device), change);
    }

    private static Documented armed(Set<BreakerId> armed) {
        return new Documented(FACILITY, Documented.TIMINGS, Optional.of(armed));
    }

    private static String objection(
            Documented site, String device, Change change, Optional<String> named) {
        return reach(site, device, change).objection(site, named.map(BreakerId::new)).orElse("");
    }

    @Test
    void nothingOfADeviceWithAnArmedBreakerIsWritten() {
        Documented site = armed(Set.of(new BreakerId("QB-A1-2")));
        for (Change change : List.of(coils(0, 1), coils(2, 1), coils(60, 1), register(100))) {
            assertEquals(
                    "the device acts on armed breakers (QB-A1-2); nothing is written to it until"
                            + " they are disarmed",
                    objection(site, "A1-breakers", change, Optional.of("QB-A1-1")));
        }
        assertEquals("", objection(site, "B1-breakers", register(200), Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"::ffff:127.0.0.1", "127.1", "2130706433"})
    void anotherNameOfTheGatewayIsNoWayToAnArmedBreaker(String host, @TempDir Path folder)
            throws IOException {
        String text =
                Files.readString(Sites.TWO_ROOMS)
                        .replace(
                                "{id: A1-air, host: 127.0.0.1, port: 15022}",
                                "{id: A1-air, host: '%s', port: 15021}".formatted(host))
                        .replace("gateway: A1-air, unit: 1,", "gateway: A1-air, unit: 6,");
        Path file = Files.writeString(folder.resolve("site.yaml"), text);
        var site =
                new Documented(
                        Facility.load(file).orElseThrow(),
                        Documented.TIMINGS,
                        Optional.of(Set.of(new BreakerId("QB-A1-2"))));

        assertEquals(
                "the device acts on armed breakers (QB-A1-2); nothing is written to it until they"
                        + " are disarmed",
                objection(site, "A1-smoke1", register(100), Optional.empty()));
        assertEquals("", objection(site, "A1-smoke2", register(100), Optional.empty()));
    }

    @Test
    void aSerialLineIsTheSameByItsOtherNames(@TempDir Path folder) throws IOException {
        Path line = Files.createFile(folder.resolve("ttyUSB0"));
        Path named = Files.createSymbolicLink(folder.resolve("panel"), line);

        assertTrue(Places.areOne(serial(line), serial(named)));
        assertTrue(Places.areOne(serial(line), serial(folder.resolve("./ttyUSB0"))));
        assertFalse(Places.areOne(serial(line), serial(folder.resolve("ttyUSB1"))));
    }

    private static Link serial(Path device) {
        return new Link.Rtu(
                new SerialLine(device.toString(), 19_200, SerialLine.Parity.EVEN, 8, 1));
    }

    @Test
    void aSitesFileDoesNotSayWhatIsArmed() {
        var site = new Documented(FACILITY, Documented.TIMINGS, Optional.empty());
        String panel = objection(site, "A1-breakers", coils(0, 1), Optional.of("QB-A1-1"));
        assertTrue(panel.contains("give it instead of the site.yaml"), panel);
        assertEquals("", objection(site, "A1-hydrogen1", register(0), Optional.empty()));
    }

    @Test
    void aBreakersCoilIsWrittenOnlyWhereTheBreakerIsNamed() {
        Documented site = armed(NOTHING);
        assertEquals("", objection(site, "A1-breakers", coils(1, 1), Optional.of("QB-A1-1")));
        assertEquals(
                "coil 1 is breaker[1].trip, of breaker QB-A1-1; say --breaker QB-A1-1 if that is"
                        + " meant",
                objection(site, "A1-breakers", coils(1, 1), Optional.empty()));
        assertTrue(
                objection(site, "A1-breakers", coils(3, 1), Optional.of("QB-A1-1"))
                        .contains("of breaker QB-A1-2"));
    }

    @Test
    void severalCoilsOfBreakersAreNeverWrittenAtOnce() {
        String said =
                objection(armed(NOTHING), "A1-breakers", coils(0, 1, 1), Optional.of("QB-A1-1"));
        assertTrue(said.contains("one by one"), said);
    }

    @Test
    void aCoilOfABreakerTheSiteDoesNotKnowIsNotWritten() {
        String said = objection(armed(NOTHING), "A1-breakers", coils(35, 1), Optional.empty());
        assertEquals(
                "coil 35 is breaker[18].trip, and the site doesn't say which breaker that is",
                said);
    }

    @Test
    void aBreakerThatIsNamedForSomethingElseIsAMistake() {
        Documented site = armed(NOTHING);
        assertEquals(
                "this is no coil of breaker QB-A1-1's",
                objection(site, "A1-hydrogen1", coils(0, 1), Optional.of("QB-A1-1")));
        assertEquals("", objection(site, "A1-breakers", register(100), Optional.empty()));
        assertEquals(Optional.of("number"), reach(site, "A1-breakers", register(100)).words());
        assertEquals(
                Optional.of("breaker[2].trip of breaker QB-A1-2"),
                reach(site, "A1-breakers", coils(3, 1)).words());
    }
}
