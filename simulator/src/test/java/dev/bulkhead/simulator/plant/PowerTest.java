package dev.bulkhead.simulator.plant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import dev.bulkhead.simulator.plant.Occurrence.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** UPS that carry too much, and what becomes of the servers behind them. */
final class PowerTest {
    private static final NodeId H1A = new NodeId("H1A");
    private static final NodeId H1B = new NodeId("H1B");
    private static final NodeId H2A = new NodeId("H2A");
    private static final BreakerId OUTER = new BreakerId("QB-B1-1");
    private static final List<String> RACKS = List.of("H1-RACKS-1", "H1-RACKS-STS", "H1-RACKS-2");

    /** Servers of hall 1; 333 kW in all, on one side if the other is gone. */
    private static final int HALL = 1000;

    private Plant plant = plant(text -> text);

    private static Plant plant(UnaryOperator<String> edit) {
        return plant(edit, "{}");
    }

    private static Plant plant(UnaryOperator<String> edit, String backup) {
        Site site = ShippedPlants.site("two-rooms", edit);
        String text = "plant: two-rooms\nbackup: " + backup;
        var settings = PlantFile.parse("plant.yaml", text, site).orElseThrow();
        return new Plant(site, settings, 1, ShippedPlants.START);
    }

    private static String rated(String text, String ups, int kilowatts) {
        return text.replaceFirst(
                "(id: " + ups + ", room: [^,]+, kilowatts:) 500", "$1 " + kilowatts);
    }

    private void pass(double seconds) {
        plant.advanceTo(plant.now().plusNanos(StrictMath.round(seconds * 1e9)));
    }

    private void befalls(Happening happening) {
        plant.apply(happening);
    }

    private double percent(NodeId ups) {
        var load = plant.sense(Role.UPS_LOAD_PERCENT, new Subject.OfNode(ups));
        return ((Value.Quantity) load).number();
    }

    private List<Double> seconds(Kind kind, NodeId of) {
        return plant.occurrences().stream()
                .filter(occurrence -> occurrence.kind() == kind)
                .filter(occurrence -> occurrence.subject().equals(of.value()))
                .map(Occurrence::at)
                .map(PowerTest::seconds)
                .toList();
    }

    private static double seconds(Instant at) {
        return Duration.between(ShippedPlants.START, at).toMillis() * 1e-3;
    }

    private int lost() {
        return plant.ledger().serversLost();
    }

    @Test
    void onBatteryAnOverloadDropsTheLoad() {
        plant = plant(text -> rated(text, "H1B", 250));
        befalls(new Happening.UpsFails(H1A));
        befalls(new Happening.UtilityLost());
        pass(1);
        assertEquals(133, percent(H1B), 1);
        befalls(new Happening.UtilityRestored());
        pass(29);
        befalls(new Happening.UtilityLost());
        pass(14);
        befalls(new Happening.UtilityRestored());
        pass(15.9);
        assertEquals(0, lost());
        befalls(new Happening.UtilityLost());
        pass(0.2);

        assertEquals(List.of(60.0), seconds(Kind.UPS_OFF, H1B), "a minute at 133 % in all");
        assertEquals(HALL, lost());
    }

    @Test
    void aBypassBearsLessThanTheInverterAndThenTheLoadIsDropped() {
        plant = plant(text -> rated(text, "H1B", 250));
        befalls(new Happening.UpsFails(H1A));
        pass(80);

        assertEquals(List.of(60.0), seconds(Kind.UPS_ON_BYPASS, H1B));
        assertEquals(
                List.of(70.004),
                seconds(Kind.UPS_OFF, H1B),
                "ten seconds at 133 %, once it carries");
        assertEquals(HALL, lost());
    }

    @Test
    void whatStandsParallelSharesAndOneThatIsLeftIsOverloaded() {
        plant =
                plant(
                        text ->
                                rated(rated(text, "H1A", 250), "H2A", 250)
                                        .replace(
                                                "\nloads:",
                                                "\n  - {id: F-PAR-1, from: H1A, to: H2A-OUT,"
                                                        + " amperes: 800}\n"
                                                        + "  - {id: F-PAR-2, from: H2A, to:"
                                                        + " H1A-OUT, amperes: 800}\n"
                                                        + "loads:"));
        pass(1);
        assertEquals(73, percent(H1A), 1);
        assertEquals(percent(H1A), percent(H2A), 1e-9);
        befalls(new Happening.UpsFails(H1A));
        assertEquals(147, percent(H2A), 1);
        pass(80);

        assertEquals(List.of(61.0), seconds(Kind.UPS_ON_BYPASS, H2A));
        assertEquals(List.of(71.004), seconds(Kind.UPS_OFF, H2A));
        assertEquals(0, lost(), "the B sides carry both halls");
    }

    @Test
    void aFailedUpsStaysOffUntilItIsResetAndThenCarriesAgain() {
        befalls(new Happening.UpsFails(H1A));
        pass(60);
        assertEquals(0, percent(H1A));
        befalls(new Happening.UpsReset(H1A));
        pass(1);

        assertEquals(37, percent(H1A), 1);
        assertEquals(List.of(60.0), seconds(Kind.UPS_ON_RECTIFIER, H1A));
    }

    @Test
    void anOpenBypassStaysOpenUntilItIsReset() {
        plant = plant(text -> rated(text, "H1B", 250));
        befalls(new Happening.UpsFails(H1A));
        pass(80);
        befalls(new Happening.UtilityLost());
        befalls(new Happening.UtilityRestored());
        startHall1AtOnce();
        assertEquals(HALL, plant.ledger().serversDown());
        befalls(new Happening.UpsReset(H1B));
        start("H1-RACKS-STS");
        pass(1);

        assertEquals(HALL - 100, plant.ledger().serversDown());
        pass(600);
        startHall1AtOnce();
        pass(1);
        assertEquals(0, plant.ledger().serversDown(), "the bypass is closed again");
        assertEquals(2, seconds(Kind.UPS_ON_BYPASS, H1B).size());
    }

    @Test
    void nobodyResetsAUpsAfterAFacilityCut() {
        befalls(new Happening.FacilityCut());
        pass(1);
        befalls(new Happening.UpsReset(H1A));

        assertEquals(List.of(), seconds(Kind.UPS_RESET, H1A));
    }

    @Test
    void generatorsThatFailLeaveTheUpsToTheirBatteriesAndNeverStartAgain() {
        befalls(new Happening.UtilityLost());
        pass(16);
        assertEquals(List.of(15.0), seconds(Kind.UPS_ON_RECTIFIER, H1A));
        befalls(new Happening.GeneratorsFail());
        pass(4);
        befalls(new Happening.UtilityRestored());
        pass(1);
        befalls(new Happening.UtilityLost());
        pass(60);

        assertEquals(List.of(0.0, 16.0, 21.0), seconds(Kind.UPS_ON_BATTERY, H1A));
        assertEquals(List.of(15.0, 20.0), seconds(Kind.UPS_ON_RECTIFIER, H1A));
        assertEquals(0, lost());
        pass(3600);
        assertEquals(plant.site().servers(), lost());
    }

    /** What hall 1 loses as its one UPS, at 133 %, goes to bypass after a minute. */
    private int lostByATransferOf(String millis) {
        plant = plant(text -> rated(text, "H1B", 250), "{bypassTransfer: " + millis + " ms}");
        befalls(new Happening.UpsFails(H1A));
        pass(65);
        assertEquals(List.of(60.0), seconds(Kind.UPS_ON_BYPASS, H1B));
        return lost();
    }

    @Test
    void aTransferToBypassKillsServersOnlyIfItIsLongerThanTheirRideThrough() {
        assertEquals(0, lostByATransferOf("4"));
        assertEquals(0, lostByATransferOf("20"));
        assertEquals(HALL, lostByATransferOf("21"));
        assertEquals(HALL, lostByATransferOf("200"), "out of step with the mains");
    }

    @Test
    void aLongTransferKillsNobodyWhoHasAnotherSupply() {
        // Hall 1 draws more from H1A, which goes to bypass; H1B carries the hall meanwhile.
        plant = plant(text -> rated(text, "H1A", 130), "{bypassTransfer: 200 ms}");
        pass(65);

        assertEquals(List.of(60.0), seconds(Kind.UPS_ON_BYPASS, H1A));
        assertEquals(0, lost());
        var halls = plant.ledger().hallSupply();
        assertTrue(halls.stream().anyMatch(hall -> hall.serversOnA() == 100));
        RACKS.forEach(
                load -> assertEquals(List.of(), plant.ledger().withoutSupply(new NodeId(load))));
    }

    @Test
    void aTransferToBatteryKillsServersOnlyIfItIsLongerThanTheirRideThrough() {
        plant = plant(text -> text, "{batteryTransfer: 10 ms}");
        befalls(new Happening.UtilityLost());
        pass(60);
        assertEquals(0, lost());

        plant = plant(text -> text, "{batteryTransfer: 30 ms}");
        befalls(new Happening.UtilityLost());
        pass(60);
        assertEquals(plant.site().servers(), lost());
    }

    /** Hall 1 went down with the utility; one UPS is there again, and the utility. */
    private void loseHall1() {
        befalls(new Happening.UpsFails(H1A));
        befalls(new Happening.OpenByHand(OUTER));
        pass(1);
        befalls(new Happening.UtilityLost());
        pass(1);
        befalls(new Happening.UtilityRestored());
        befalls(new Happening.CloseByHand(OUTER));
        pass(1);
        assertEquals(HALL, plant.ledger().serversDown());
        assertEquals(0, percent(H1B));
    }

    private void start(String load) {
        befalls(new Happening.ServersStarted(new NodeId(load)));
    }

    private void startHall1AtOnce() {
        RACKS.forEach(this::start);
    }

    @Test
    void serversThatDiedStayDownUntilSomebodyStartsThem() {
        loseHall1();
        pass(598);
        assertEquals(HALL, plant.ledger().serversDown());
        start("H1-RACKS-STS");
        pass(60);

        assertEquals(HALL - 100, plant.ledger().serversDown());
        assertEquals(HALL, lost());
        assertEquals(100 * 10 + 900 * 11, plant.ledger().serverMinutesLost(plant.now()), 1e-6);
    }

    @Test
    void serversWithoutSupplyCannotBeStarted() {
        loseHall1();
        befalls(new Happening.UpsFails(H1B));
        startHall1AtOnce();

        assertEquals(HALL, plant.ledger().serversDown());
    }

    @Test
    void aHallStartedAtOnceGoesOverTheBypassAndBackToTheInverter() {
        loseHall1();
        double from = seconds(plant.now());
        startHall1AtOnce();
        assertEquals(266, percent(H1B), 1, "four times 333 kW on 500");
        pass(1);

        assertEquals(from + 0.01, seconds(Kind.UPS_ON_BYPASS, H1B).getFirst(), 1e-9);
        assertEquals(from + 0.05, seconds(Kind.UPS_ON_RECTIFIER, H1B).getLast(), 1e-9);
        assertEquals(67, percent(H1B), 1);
        assertEquals(0, plant.ledger().serversDown());
    }

    @Test
    void aHallStartedAtOnceOnBatteryGoesDownAgainAndInGroupsDoesNot() {
        loseHall1();
        befalls(new Happening.UtilityLost());
        startHall1AtOnce();
        pass(1);
        assertEquals(HALL, plant.ledger().serversDown());
        assertEquals(HALL, lost(), "each server counts once");
        assertEquals(2 * RACKS.size(), plant.ledger().losses().size());

        befalls(new Happening.UtilityRestored());
        pass(600);
        befalls(new Happening.UtilityLost());
        for (String load : RACKS) {
            start(load);
            pass(1);
        }
        assertEquals(0, plant.ledger().serversDown());
    }

    @Test
    void fullLoadIsCarriedForEver() {
        plant = plant(text -> rated(text, "H1B", 333));
        befalls(new Happening.UpsFails(H1A));
        pass(86_400);

        assertEquals(100, percent(H1B), 0.01);
        assertEquals(List.of(), seconds(Kind.UPS_ON_BYPASS, H1B));
    }
}
