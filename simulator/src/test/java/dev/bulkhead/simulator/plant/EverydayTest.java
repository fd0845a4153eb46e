package dev.bulkhead.simulator.plant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Subject;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What befalls a battery room and is no fire. */
final class EverydayTest {
    private static final RoomId A1 = new RoomId("A1");
    private static final Subject ROOM = new Subject.OfRoom(A1);
    private static final Subject OTHER = new Subject.OfRoom(new RoomId("B1"));
    private static final NodeId RACK = new NodeId("A1-S02");
    private static final NodeId BUSBAR = new NodeId("BB-A1-1");

    private final Plant plant = ShippedPlants.plant("two-rooms", 7);

    private void pass(Duration time) {
        plant.advanceTo(plant.now().plus(time));
    }

    private double number(Role role, Subject of) {
        return ((Value.Quantity) plant.sense(role, of)).number();
    }

    private boolean flag(Role role, Subject of) {
        return ((Value.Flag) plant.sense(role, of)).isSet();
    }

    private boolean hasOffGas(NodeId rack) {
        return flag(Role.RACK_OFF_GAS, new Subject.OfNode(rack));
    }

    @Test
    void dustReachesTheSmokeDetectorsOfItsRoomAndNothingElse() {
        plant.apply(new Happening.SmokeEnters(A1, 0.002, Duration.ofMinutes(5)));
        pass(Duration.ofMinutes(6));

        assertTrue(flag(Role.ROOM_SMOKE_ALERT, ROOM));
        assertTrue(flag(Role.ROOM_SMOKE_FIRE, ROOM));
        assertFalse(flag(Role.ROOM_SMOKE_ALERT, OTHER));
        assertFalse(hasOffGas(RACK));
        assertFalse(flag(Role.ROOM_HEAT, ROOM));
    }

    @Test
    void onlyAResetClearsASmokeDetectorAndWhatIsStillThereItFindsAgain() {
        plant.apply(new Happening.SmokeEnters(A1, 0.0006, Duration.ofMinutes(5)));
        pass(Duration.ofMinutes(6));
        assertTrue(flag(Role.ROOM_SMOKE_ALERT, ROOM));
        plant.apply(new Happening.DetectorsReset(A1));
        assertFalse(flag(Role.ROOM_SMOKE_ALERT, ROOM));
        pass(Duration.ofSeconds(1));
        assertTrue(flag(Role.ROOM_SMOKE_ALERT, ROOM), "the smoke is still there");

        pass(Duration.ofHours(1));
        assertTrue(flag(Role.ROOM_SMOKE_ALERT, ROOM), "latched");
        plant.apply(new Happening.DetectorsReset(A1));
        pass(Duration.ofMinutes(1));
        assertFalse(flag(Role.ROOM_SMOKE_ALERT, ROOM));
    }

    /** Else a false alarm would count until the end of a scenario. */
    @Test
    void aResetClearsFireAndHeat() {
        plant.apply(new Happening.SmokeEnters(A1, 0.005, Duration.ofSeconds(60)));
        plant.apply(new Happening.CoolingFails(A1, 100, Duration.ofMinutes(30)));
        pass(Duration.ofMinutes(40));
        assertTrue(flag(Role.ROOM_SMOKE_FIRE, ROOM));
        assertTrue(flag(Role.ROOM_HEAT, ROOM));

        plant.apply(new Happening.CoolingRuns(A1, 100));
        pass(Duration.ofHours(3)); // The agent has stopped the fan: smoke stays long.
        assertTrue(flag(Role.ROOM_HEAT, ROOM), "latched");
        assertTrue(flag(Role.ROOM_SMOKE_FIRE, ROOM), "latched");
        plant.apply(new Happening.DetectorsReset(A1));
        pass(Duration.ofMinutes(1));
        assertFalse(flag(Role.ROOM_HEAT, ROOM));
        assertFalse(flag(Role.ROOM_SMOKE_FIRE, ROOM));
    }

    @Test
    void afterAResetTheAgentWaitsItsWholeDelayAgain() {
        plant.apply(new Happening.SmokeEnters(A1, 0.01, Duration.ofMinutes(10)));
        while (!flag(Role.ROOM_SMOKE_FIRE, ROOM)) {
            pass(Duration.ofSeconds(1));
        }
        pass(Duration.ofSeconds(20));
        plant.apply(new Happening.DetectorsReset(A1));
        pass(Duration.ofSeconds(20));
        assertTrue(flag(Role.ROOM_SMOKE_FIRE, ROOM));
        assertFalse(flag(Role.ROOM_AGENT_DISCHARGED, ROOM));
        pass(Duration.ofSeconds(20));
        assertTrue(flag(Role.ROOM_AGENT_DISCHARGED, ROOM));
    }

    /** Else a rack would seem to be the source of what comes from elsewhere. */
    @Test
    void noRackShowsVapourFromElsewhereBeforeItsRoomsReferenceDoes() {
        plant.apply(new Happening.GasEnters(A1, 0.1, Duration.ofMinutes(10)));
        boolean hasReached = false;
        for (int second = 0; second < 600; second++) {
            pass(Duration.ofSeconds(1));
            boolean isReference = flag(Role.ROOM_OFF_GAS_REFERENCE, ROOM);
            for (NodeId rack : plant.site().strings().keySet()) {
                assertTrue(isReference || !hasOffGas(rack), rack + " at " + second + " s");
                hasReached |= hasOffGas(rack);
            }
        }
        assertTrue(hasReached);
        assertEquals(0, number(Role.ROOM_HYDROGEN, ROOM), "no cell's gas");
        assertEquals(0, number(Role.ROOM_LFL, ROOM));
    }

    /** Only what leaks out of a rack reaches the sensor of the next one beside the room's air. */
    @Test
    void vapourThatTheRoomsReferenceDoesNotShowIsShownByNoRackHoweverLongItLasts() {
        // 6 changes an hour in 120 m³ keep it at 197 ppm, where sensors answer to 200.
        plant.apply(new Happening.GasEnters(A1, 0.0394, Duration.ofHours(3)));
        pass(Duration.ofHours(2));
        assertFalse(flag(Role.ROOM_OFF_GAS_REFERENCE, ROOM));
        for (NodeId rack : plant.site().strings().keySet()) {
            assertFalse(hasOffGas(rack), rack.value());
        }

        plant.apply(new Happening.GasEnters(A1, 0.002, Duration.ofHours(1)));
        pass(Duration.ofMinutes(55));
        assertTrue(flag(Role.ROOM_OFF_GAS_REFERENCE, ROOM), "it was near the threshold");
        assertTrue(hasOffGas(RACK));
    }

    @Test
    void twoSourcesOverlapAndEachEndsForItself() {
        plant.apply(new Happening.GasEnters(A1, 0.02, Duration.ofHours(2)));
        plant.apply(new Happening.GasEnters(A1, 0.1, Duration.ofMinutes(10)));
        pass(Duration.ofMinutes(9));
        assertTrue(flag(Role.ROOM_OFF_GAS_REFERENCE, ROOM));
        pass(Duration.ofMinutes(50));
        assertFalse(flag(Role.ROOM_OFF_GAS_REFERENCE, ROOM), "a fan carries off the weaker");
        plant.apply(new Happening.FanStops(A1, true));
        pass(Duration.ofMinutes(55));
        assertTrue(flag(Role.ROOM_OFF_GAS_REFERENCE, ROOM), "the weaker one goes on");
    }

    @Test
    void vapourReachesReferenceAndRacksAndIsCarriedOff() {
        plant.apply(new Happening.GasEnters(A1, 0.1, Duration.ofMinutes(10)));
        pass(Duration.ofMinutes(9));
        assertTrue(flag(Role.ROOM_OFF_GAS_REFERENCE, ROOM));
        assertTrue(hasOffGas(RACK));
        assertFalse(flag(Role.ROOM_SMOKE_ALERT, ROOM));

        pass(Duration.ofMinutes(30));
        assertFalse(flag(Role.ROOM_OFF_GAS_REFERENCE, ROOM));
        assertFalse(hasOffGas(RACK));
    }

    @Test
    void gasStaysLongerWhereTheFanStands() {
        plant.apply(new Happening.FanStops(A1, true));
        assertFalse(flag(Role.ROOM_FAN_RUNNING, ROOM));
        plant.apply(new Happening.GasEnters(A1, 0.1, Duration.ofMinutes(10)));
        pass(Duration.ofMinutes(40));
        assertTrue(flag(Role.ROOM_OFF_GAS_REFERENCE, ROOM));

        plant.apply(new Happening.FanStops(A1, false));
        pass(Duration.ofMinutes(30));
        assertFalse(flag(Role.ROOM_OFF_GAS_REFERENCE, ROOM));
        assertTrue(flag(Role.ROOM_FAN_RUNNING, ROOM));
    }

    @Test
    void aStandingFanRunsAgainByNothingElse() {
        plant.apply(new Happening.FanStops(A1, true));
        plant.apply(new Happening.SmokeEnters(A1, 0.0002, Duration.ofMinutes(1)));
        plant.apply(new Happening.CoolingFails(A1, 4, Duration.ofMinutes(1)));
        pass(Duration.ofMinutes(2));
        plant.apply(new Happening.CoolingRuns(A1, 4));
        plant.apply(new Happening.DetectorsReset(A1));
        assertFalse(flag(Role.ROOM_FAN_RUNNING, ROOM));

        plant.apply(new Happening.AgentReleased(A1));
        plant.apply(new Happening.FanStops(A1, false));
        assertFalse(flag(Role.ROOM_FAN_RUNNING, ROOM), "the agent has stopped it too");
    }

    @Test
    void testGasIsSeenByOneSensorWhileItIsHeldThere() {
        plant.apply(new Happening.BumpTest(RACK, Duration.ofSeconds(30)));
        pass(Duration.ofSeconds(1));
        assertFalse(hasOffGas(RACK), "the sensor lags");
        pass(Duration.ofSeconds(19));
        assertTrue(hasOffGas(RACK));
        assertFalse(hasOffGas(new NodeId("A1-S01")));
        assertFalse(flag(Role.ROOM_OFF_GAS_REFERENCE, ROOM));

        pass(Duration.ofSeconds(30));
        assertFalse(hasOffGas(RACK));
    }

    @Test
    void theFirstOfTwoTestsOfASensorThatEndsLeavesTheOther() {
        plant.apply(new Happening.BumpTest(RACK, Duration.ofSeconds(30)));
        plant.apply(new Happening.BumpTest(RACK, Duration.ofMinutes(5)));
        pass(Duration.ofMinutes(4));
        assertTrue(hasOffGas(RACK));
        pass(Duration.ofMinutes(2));
        assertFalse(hasOffGas(RACK));
    }

    @Test
    void aRoomWithoutCoolingWarmsItsRacksByTheirOwnHeatCapacity() {
        double room = number(Role.ROOM_TEMPERATURE, ROOM);
        double rack = number(Role.RACK_TEMPERATURE_MAX, new Subject.OfNode(RACK));
        plant.apply(new Happening.CoolingFails(A1, 4, Duration.ofHours(3)));
        pass(Duration.ofHours(4));

        assertEquals(12, number(Role.ROOM_TEMPERATURE, ROOM) - room, 0.1);
        double warmer = number(Role.RACK_TEMPERATURE_MAX, new Subject.OfNode(RACK)) - rack;
        assertTrue(warmer > 3 && warmer < 9, "racks follow slowly: " + warmer);
        assertFalse(flag(Role.ROOM_HEAT, ROOM));

        plant.apply(new Happening.CoolingRuns(A1, 24));
        pass(Duration.ofHours(2));
        assertEquals(room, number(Role.ROOM_TEMPERATURE, ROOM), 0.1);
    }

    @Test
    void agentThatGoesOffWithoutFireShutsTheDamperAndShowsNoSmoke() {
        plant.apply(new Happening.AgentReleased(A1));
        pass(Duration.ofMinutes(1));

        assertTrue(flag(Role.ROOM_AGENT_DISCHARGED, ROOM));
        assertFalse(flag(Role.ROOM_DAMPER_OPEN, ROOM));
        assertFalse(flag(Role.ROOM_FAN_RUNNING, ROOM));
        assertFalse(flag(Role.ROOM_SMOKE_ALERT, ROOM));
    }

    @Test
    void insulationComesBackWhenTheDisturbanceIsOver() {
        var busbar = new Subject.OfNode(BUSBAR);
        plant.apply(new Happening.InsulationFalls(BUSBAR, 40, Duration.ofMinutes(5)));
        assertEquals(40, number(Role.BUSBAR_INSULATION, busbar));
        plant.apply(new Happening.InsulationFalls(BUSBAR, 90, Duration.ofMinutes(10)));
        assertEquals(40, number(Role.BUSBAR_INSULATION, busbar));
        pass(Duration.ofMinutes(6));
        assertEquals(90, number(Role.BUSBAR_INSULATION, busbar));
        pass(Duration.ofMinutes(6));
        assertTrue(number(Role.BUSBAR_INSULATION, busbar) > 1000);
    }
}
