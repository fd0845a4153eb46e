package dev.bulkhead.simulator.plant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Load;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import dev.bulkhead.simulator.plant.SupplyLedger.Interval;
import dev.bulkhead.simulator.plant.SupplyLedger.Loss;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds however mains, UPS, breakers and people come and go. */
final class PowerPropertyTest {
    private static final Site SITE =
            ShippedPlants.site(
                    "two-rooms",
                    text -> text.replace("UPS-B1, kilowatts: 500", "UPS-B1, kilowatts: 250"));
    private static final Duration RIDE_THROUGH = Duration.ofMillis(20);

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 60);
    }

    private static Plant plant(SplittableRandom random) {
        String backup =
                "{bypassTransfer: %d ms, batteryTransfer: %d ms, inrush: %d}"
                        .formatted(random.nextInt(30), random.nextInt(25), random.nextInt(1, 8));
        String text = "plant: two-rooms\nbackup: " + backup;
        var settings = PlantFile.parse("plant.yaml", text, SITE).orElseThrow();
        return new Plant(SITE, settings, 1, ShippedPlants.START);
    }

    private static Happening drawn(SplittableRandom random) {
        NodeId ups = oneOf(random, List.copyOf(SITE.ups().keySet()));
        NodeId load = oneOf(random, List.copyOf(SITE.loads().keySet()));
        BreakerId breaker = oneOf(random, List.copyOf(SITE.breakers().keySet()));
        return switch (random.nextInt(8)) {
            case 0 -> new Happening.UtilityLost();
            case 1, 2 -> new Happening.UtilityRestored();
            case 3 -> new Happening.OpenByHand(breaker);
            case 4 -> new Happening.CloseByHand(breaker);
            case 5 -> new Happening.UpsFails(ups);
            default -> new Happening.ServersStarted(load);
        };
    }

    private static <T> T oneOf(SplittableRandom random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    /** Between milliseconds and minutes, as often the one as the other. */
    private static Duration pause(SplittableRandom random) {
        return Duration.ofMillis((long) StrictMath.pow(10, random.nextDouble(0.5, 5.3)));
    }

    private static Plant played(long seed) {
        var random = new SplittableRandom(seed);
        Plant plant = plant(random);
        for (int turn = 0; turn < 80; turn++) {
            plant.apply(drawn(random));
            plant.advanceTo(plant.now().plus(pause(random)));
            for (NodeId string : SITE.strings().keySet()) {
                double charge = number(plant, Role.RACK_STATE_OF_CHARGE, string);
                assertTrue(charge >= 0 && charge <= 100, string + " at " + charge + " %");
            }
        }
        return plant;
    }

    private static double number(Plant plant, Role role, NodeId of) {
        return ((Value.Quantity) plant.sense(role, new Subject.OfNode(of))).number();
    }

    /** The outages of a load that were longer than it lives through. */
    private static List<Interval> outages(Plant plant, Load load) {
        return plant.ledger().withoutSupply(load.id()).stream()
                .filter(
                        gap ->
                                Duration.between(gap.from(), gap.until().orElse(plant.now()))
                                                .compareTo(RIDE_THROUGH)
                                        > 0)
                .toList();
    }

    private static boolean isDownAt(List<Loss> losses, Instant at) {
        return losses.stream()
                .anyMatch(
                        loss ->
                                loss.at().isBefore(at)
                                        && loss.until().filter(up -> !up.isAfter(at)).isEmpty());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void serversGoDownExactlyWithAnOutageLongerThanTheirRideThrough(long seed) {
        Plant plant = played(seed);
        int lost = 0;
        for (Load load : SITE.loads().values()) {
            List<Loss> losses =
                    plant.ledger().losses().stream()
                            .filter(loss -> loss.load().equals(load.id()))
                            .toList();
            List<Instant> due = new ArrayList<>();
            for (Interval gap : outages(plant, load)) {
                if (!isDownAt(losses, gap.from())) {
                    due.add(gap.from());
                }
            }
            assertEquals(due, losses.stream().map(Loss::at).toList(), load.id()::value);
            lost += losses.isEmpty() ? 0 : load.servers();
        }
        assertEquals(lost, plant.ledger().serversLost());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void serverMinutesAreTheTimeThatServersWereDown(long seed) {
        Plant plant = played(seed);
        double minutes = 0;
        for (Loss loss : plant.ledger().losses()) {
            var down = Duration.between(loss.at(), loss.until().orElse(plant.now()));
            assertTrue(down.isPositive());
            minutes += loss.servers() * (down.toNanos() * 1e-9) / 60;
        }
        assertEquals(minutes, plant.ledger().serverMinutesLost(plant.now()), 1e-6);
        Set<NodeId> down =
                plant.ledger().losses().stream()
                        .filter(loss -> loss.until().isEmpty())
                        .map(Loss::load)
                        .collect(Collectors.toUnmodifiableSet());
        int servers =
                down.stream().mapToInt(load -> Site.known(SITE.loads(), load).servers()).sum();
        assertEquals(servers, plant.ledger().serversDown());
    }
}
