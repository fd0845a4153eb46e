package dev.bulkhead.rules.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.TestSites;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.SiteFile;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class AssessmentTest {
    @Test
    void theRebuiltSiteCanIsolateEveryRoomAtNoLossAndProveIt() {
        Site site = TestSites.site("pangyo-rebuilt");
        for (RoomId room : site.batteryRooms()) {
            List<Finding> findings = Assessment.of(site, room);

            Finding battery = findings.getFirst();
            assertEquals(Rung.BATTERY, battery.rung());
            assertEquals(18, battery.breakers().size());
            assertEquals(Loss.NONE, battery.loss());
            assertTrue(battery.isRemotelyOperable(), "" + battery);
            assertTrue(battery.isProvable(), "" + battery);
            assertEquals(
                    "battery rung, 18 breakers: no server lost, remotely operable and provable",
                    battery.title());
            assertEquals(List.of(), battery.reasons());

            Finding zone = findings.getLast();
            assertEquals(Rung.ZONE, zone.rung());
            assertEquals(new TreeSet<>(battery.breakers()), new TreeSet<>(zone.breakers()));
            assertEquals(Loss.NONE, zone.loss());
            assertEquals(
                    "whole zone dead, the battery rung's 18 breakers: no server lost",
                    zone.title());
        }
    }

    @Test
    void pangyoAsItWasCouldNotOpenItsBatteriesFromAfarNorShowThatTheyWere() {
        Finding battery = pangyo2022().getFirst();

        assertEquals(Rung.BATTERY, battery.rung());
        assertEquals(
                "battery rung, 66 breakers: no server lost, not remotely operable and not provable",
                battery.title());
        assertEquals(0, battery.loss().servers());
        assertFalse(battery.isRemotelyOperable());
        assertFalse(battery.isProvable());
        assertReason(battery, "11 outer breakers moved by hand only: QB-A1, ");
        assertReason(battery, "55 string breakers moved by hand only: QS-BR1-01 … QS-BR1-55");
        assertReason(battery, "66 breakers whose position nothing reads: ");
        assertReason(battery, "11 busbars without a voltage transducer: BB-A1, ");
    }

    @Test
    void pangyoAsItWasCouldNotMakeTheRoomDeadWithoutEveryServer() {
        Finding zone = pangyo2022().getLast();

        assertEquals(Rung.ZONE, zone.rung());
        assertEquals(
                "whole zone dead, 67 breakers, by people only: 32,000 servers lost in this model",
                zone.title());
        assertEquals(new Loss(32_000, 0, zone.loss().loads()), zone.loss());
        assertEquals("room BR-1's batteries are not the only reason", zone.reasons().getFirst());
        assertReason(zone, "11 UPS in the zone: A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11");
        assertReason(zone, "22 feeders through the zone: F-A1-OUT, ");
        assertReason(zone, ", F-B11-OUT");
        assertReason(zone, "nothing nearer than the main makes it dead: QM");
        assertReason(zone, "assumed: it follows from the feeder routes");
        assertTrue(zone.breakers().contains(new BreakerId("QM")));
        assertTrue(zone.breakers().contains(new BreakerId("Q-B1-OUT")));
    }

    @Test
    void theNumberFollowsFromTheSiteFile() {
        String text =
                TestSites.siteText("pangyo-2022")
                        .replace("serversPerRack: 2910", "serversPerRack: 2920");
        Site more = SiteFile.parse("site.yaml", text, TestSites.profiles()).orElseThrow();

        assertEquals(32_010, Assessment.of(more, new RoomId("BR-1")).getLast().loss().servers());
    }

    private static List<Finding> pangyo2022() {
        return Assessment.of(TestSites.site("pangyo-2022"), new RoomId("BR-1"));
    }

    private static void assertReason(Finding finding, String wanted) {
        assertTrue(
                finding.reasons().stream().anyMatch(reason -> reason.contains(wanted)),
                () -> wanted + " not in " + finding.reasons());
    }

    @Test
    void withoutABusbarTransducerNothingCanBeProven() {
        Finding battery =
                battery("role: busbar.voltage, of: BB-A1-2", "role: rack.voltage, of: A1-S01");

        assertTrue(battery.isRemotelyOperable());
        assertFalse(battery.isProvable());
        assertEquals(List.of("1 busbar without a voltage transducer: BB-A1-2"), battery.reasons());
    }

    @Test
    void aBreakerMovedByHandIsNamed() {
        Finding battery =
                battery(
                        "{id: QS-A1-02, duty: string, room: A1, operation: remote",
                        "{id: QS-A1-02, duty: string, room: A1, operation: by-hand");

        assertFalse(battery.isRemotelyOperable());
        assertTrue(
                battery.reasons().contains("1 string breaker moved by hand only: QS-A1-02"),
                "" + battery);
    }

    private static Finding battery(String documented, String changed) {
        String text = TestSites.siteText("two-rooms");
        assertTrue(text.contains(documented), documented);
        Site site =
                SiteFile.parse("site.yaml", text.replace(documented, changed), TestSites.profiles())
                        .orElseThrow();
        return Assessment.of(site, QuietDay.A1).getFirst();
    }
}
