package dev.bulkhead.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.simulator.device.SilentDevice;
import dev.bulkhead.simulator.device.SimulatedGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a person meets who sets devices up, before the agent may watch them. */
@Timeout(120)
class CommissioningTest {
    @TempDir private Path folder;
    private ServedFacility served;

    @BeforeEach
    void serve() throws IOException {
        served = ServedFacility.in(folder);
    }

    @AfterEach
    void stop() throws IOException {
        served.close();
    }

    private String doctor(String device) {
        return ServedFacility.told(
                "modbus", "doctor", served.path("agent.yaml"), "--device", device);
    }

    /** Every map that is shipped is right for the device that is simulated by it. */
    @Test
    void aDoctorFindsNothingWrongWithAnyKindOfServedDevice() {
        for (Device device : served.facility().site().devices().values()) {
            if (device.id().value().startsWith("A1-")) {
                String said = doctor(device.id().value());
                assertTrue(said.contains("\nregister map " + device.profile() + ", from "), said);
                assertTrue(said.endsWith("It fits its register map.\n"), said);
            }
        }
    }

    @Test
    void aDoctorSaysWhenItIsAnotherDevice() throws IOException {
        Path site = Path.of(served.path("site.yaml"));
        Files.writeString(
                site,
                Files.readString(site)
                        .replace(
                                "gateway: A1-bms, unit: 1, of: A1-S01",
                                "gateway: A1-bms, unit: 12, of: A1-S01")
                        .replace(
                                "gateway: A1-bms, unit: 2, of: A1-S02",
                                "gateway: A1-bms, unit: 1, of: A1-S02"));
        String said = doctor("A1-S02-bms");
        assertTrue(said.contains("WRONG  identity: "), said);
        assertTrue(said.endsWith("One thing doesn't fit.\n"), said);
    }

    @Test
    void aDoctorSaysThatNobodyAnswers() {
        var device = new DeviceId("A1-lfl");
        SimulatedGateway gateway =
                Site.known(
                        served.gateways(),
                        Site.known(served.facility().site().devices(), device).gateway());
        served.inPlant(() -> gateway.inflict(device, new SilentDevice()));
        String said = doctor("A1-lfl");
        assertTrue(said.contains("no answer within"), said);
        assertTrue(said.contains("annex A; held against its maker's document\n"), said);
        assertTrue(said.endsWith("fit.\n"), said);
    }

    @Test
    void aScanListsTheUnitsThatAnswer() {
        String said =
                ServedFacility.told(
                        "modbus",
                        "scan",
                        served.path("agent.yaml"),
                        "--gateway",
                        "A1-bms",
                        "--from",
                        "1",
                        "--to",
                        "3",
                        "--at",
                        "40000");
        assertEquals(
                """
                unit   1  value 21365
                unit   2  value 21365
                unit   3  value 21365
                """,
                said.lines().limit(3).map(line -> line + "\n").reduce("", String::concat),
                said);
        assertTrue(said.contains("3 of 3 units answer at 127.0.0.1:"), said);
    }

    @Test
    void aReadPrintsRegistersAsTheyAre() {
        String said =
                ServedFacility.told(
                        "modbus",
                        "read",
                        served.path("agent.yaml"),
                        "--device",
                        "A1-S01-bms",
                        "--at",
                        "40000",
                        "--count",
                        "2");
        assertEquals("40000  0x5375  21365   21365\n40001  0x6E53  28243   28243\n", said);
    }

    @Test
    void whatCannotBeMeantIsSaid() {
        assertTrue(
                doctor("A1-S1-bms").contains("The site has no device 'A1-S1-bms'; did you mean"),
                () -> doctor("A1-S1-bms"));
        String nobody = ServedFacility.told("modbus", "read", "--host", "127.0.0.1:1", "--at", "0");
        assertEquals("no connection: nobody listens there (connection refused)\n", nobody);
    }
}
