package dev.bulkhead.simulator.plant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.simulator.plant.Occurrence.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Who loses supply, and in whose zone. */
final class SupplyLedgerTest {
    private static final RoomId A1 = new RoomId("A1");

    private static int lostByCut(Site site) {
        var plant =
                new Plant(site, ShippedPlants.settings("two-rooms", site), 1, ShippedPlants.START);
        plant.advanceTo(plant.now().plusSeconds(10));
        plant.apply(new Happening.FacilityCut());
        plant.advanceTo(plant.now().plusSeconds(60));
        assertFalse(plant.isEnergised(A1));
        assertEquals(0, plant.ledger().throughZone(A1));
        assertEquals(plant.ledger().serversLost(), plant.ledger().elsewhere(A1));
        return plant.ledger().serversLost();
    }

    @Test
    void aFacilityCutLosesEveryServerThereIs() {
        Site site = ShippedPlants.site("two-rooms");
        Site larger =
                ShippedPlants.site(
                        "two-rooms",
                        text ->
                                text.replace(
                                        "\nbusbars:",
                                        "\n  - {id: TEN-MORE, hall: H1, racks: 1, serversPerRack: 10,"
                                                + " wattsPerServer: 333, cords: [H1A-P2, H1B-P2]}\n"
                                                + "busbars:"));

        assertEquals(site.servers(), lostByCut(site));
        assertEquals(site.servers() + 10, lostByCut(larger));
    }

    @Test
    void serverMinutesCountFromTheLoss() {
        Plant plant = ShippedPlants.plant("two-rooms", 1);
        plant.apply(new Happening.FacilityCut());
        plant.advanceTo(plant.now().plus(Duration.ofMinutes(3)));

        assertEquals(3.0 * 2000, plant.ledger().serverMinutesLost(plant.now()), 1e-6);
    }

    @Test
    void aFacilityCutThatLeavesTheBatteryBreakersLeavesTheRoomsLive() {
        Site site = ShippedPlants.site("two-rooms");
        var usual = PlantSettings.usual();
        var gear = usual.switchgear();
        var settings =
                new PlantSettings(
                        usual.chemistry(),
                        usual.cells(),
                        usual.leadAcid(),
                        usual.air(),
                        usual.detectors(),
                        new PlantSettings.Switchgear(
                                gear.opening(),
                                gear.selectHolds(),
                                gear.bleederKiloohms(),
                                gear.busbarMicrofarads(),
                                gear.floatVoltsPerCell(),
                                gear.fuseAmperes(),
                                false),
                        usual.backup(),
                        usual.spread(),
                        usual.deviations());
        var plant = new Plant(site, settings, 1, ShippedPlants.START);
        plant.apply(new Happening.FacilityCut());
        plant.advanceTo(plant.now().plusSeconds(60));

        assertEquals(site.servers(), plant.ledger().serversLost());
        assertTrue(plant.isEnergised(A1));
    }

    @Test
    void oneSideLostIsCarriedByTheOther() {
        Plant plant = ShippedPlants.plant("two-rooms", 1);
        plant.apply(new Happening.UpsFails(new NodeId("H1A")));
        plant.advanceTo(plant.now().plus(Duration.ofHours(1)));

        assertEquals(0, plant.ledger().serversLost());
        var hall = plant.ledger().hallSupply().getLast();
        assertEquals(1000, hall.serversUp());
        assertTrue(hall.serversOnA() < hall.serversOnB());
    }

    @Test
    void aHallWithNoBatteryOnEitherSideIsLostWithTheUtility() {
        // Room A1 isolated, H1B gone as well, and then the utility: hall 1 of the large site.
        Plant plant = ShippedPlants.plant("pangyo-rebuilt", 1);
        for (var breaker : plant.site().boundaryOf(A1)) {
            plant.apply(new Happening.OpenByHand(breaker));
        }
        plant.advanceTo(plant.now().plusSeconds(30));
        plant.apply(new Happening.UpsFails(new NodeId("H1B")));
        plant.advanceTo(plant.now().plusSeconds(30));
        assertEquals(0, plant.ledger().serversLost());
        plant.apply(new Happening.UtilityLost());
        plant.advanceTo(plant.now().plus(Duration.ofMinutes(10)));

        assertEquals(4000, plant.ledger().serversLost());
        assertEquals(4000, plant.ledger().elsewhere(A1));
    }

    @Test
    void anIsolatedRoomCostsNothingWhileTheOtherSideIsBacked() {
        Plant plant = ShippedPlants.plant("pangyo-rebuilt", 1);
        for (var breaker : plant.site().boundaryOf(A1)) {
            plant.apply(new Happening.OpenByHand(breaker));
        }
        plant.advanceTo(plant.now().plusSeconds(30));
        assertFalse(plant.isEnergised(A1));
        plant.apply(new Happening.UtilityLost());
        plant.advanceTo(plant.now().plusSeconds(14));
        plant.advanceTo(plant.now().plus(Duration.ofMinutes(10)));

        assertEquals(0, plant.ledger().serversLost());
    }

    @Test
    void anOverloadedUpsGivesUpItsInverterAfterItsTime() {
        // Two halls' worth on one UPS of half the size: 133 % for a minute, then bypass.
        Site site =
                ShippedPlants.site(
                        "two-rooms",
                        text ->
                                text.replace(
                                        "id: H1B, room: UPS-B1, kilowatts: 500",
                                        "id: H1B, room: UPS-B1, kilowatts: 250"));
        var plant = new Plant(site, PlantSettings.usual(), 1, ShippedPlants.START);
        plant.apply(new Happening.UpsFails(new NodeId("H1A")));
        plant.advanceTo(plant.now().plusSeconds(59));
        assertTrue(plant.occurrences().stream().noneMatch(o -> o.kind() == Kind.UPS_ON_BYPASS));
        plant.advanceTo(plant.now().plusSeconds(2));
        assertTrue(plant.occurrences().stream().anyMatch(o -> o.kind() == Kind.UPS_ON_BYPASS));
        assertEquals(0, plant.ledger().serversLost());
        plant.apply(new Happening.UtilityLost());
        plant.advanceTo(plant.now().plusSeconds(5));
        assertEquals(1000, plant.ledger().serversLost(), "a bypass has no battery");
    }

    @Test
    void theSiteOf2022LosesEveryServerThroughTheBurningZone() {
        Plant plant = ShippedPlants.plant("pangyo-2022", 1);
        var room = new RoomId("BR-1");
        plant.apply(new Happening.FacilityCut());
        plant.advanceTo(plant.now().plusSeconds(10));

        assertEquals(32_000, plant.ledger().throughZone(room));
        assertEquals(0, plant.ledger().elsewhere(room));
    }
}
