package dev.bulkhead.simulator.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.simulator.ShippedProfiles;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each fault makes of answers, byte by byte; and that it ends when it is mended. */
class FaultsTest {
    private static final Map<ProfileId, Profile> PROFILES = ShippedProfiles.all();
    private static final DeviceId STRING = new DeviceId("A1-S01-bms");
    private static final DeviceId OTHER = new DeviceId("A1-S02-bms");
    private static final DeviceId SMART = new DeviceId("smart");
    private static final DeviceId UPS = new DeviceId("H1A-status");
    private static final int VOLTS = 40084;
    private static final String READ_VOLTS = "0007 0000 0006 01 03 9C94 0001";

    private final TwoRooms site =
            new TwoRooms("{id: smart, profile: eaton-pxgx, gateway: A1-ups, unit: 90, of: H1A}");
    private final SimulatedGateway bms = site.gateway("A1-bms");
    private final SimulatedGateway ups = site.gateway("A1-ups");
    private final Instant start = site.now;

    FaultsTest() {
        site.plant.set(Role.RACK_VOLTAGE, HandSetPlant.node("A1-S01"), 500);
        site.plant.set(Role.RACK_VOLTAGE, HandSetPlant.node("A1-S02"), 400);
    }

    private int volts() {
        return Integer.parseInt(site.registers("A1-bms", 1, VOLTS, 1), 16);
    }

    private void after(Duration time) {
        site.now = start.plus(time);
    }

    @Test
    void aSlowAnswerComesByteByByte() {
        bms.inflict(STRING, new SlowAnswer(Duration.ofMillis(20)));
        Answer.Frame frame = (Answer.Frame) site.answer("A1-bms", READ_VOLTS);
        assertEquals("0007 0000 0005 0103 0213 88", TwoRooms.hex(frame));
        assertEquals(Duration.ofMillis(20), frame.pace());
        assertEquals(Duration.ofMillis(200), frame.after());
    }

    @Test
    void aBusyDeviceRefusesItsShareAndDoesNothing() {
        field().inflict(new DeviceId("A1-breakers"), new BusyDevice(30, 1));
        int busy = 0;
        for (int each = 0; each < 1000; each++) {
            after(Duration.ofSeconds(each));
            busy += site.read("A1-field", 6, 3, 0, 1).equals("8306") ? 1 : 0;
        }
        assertTrue(busy > 255 && busy < 345, busy + " of 1000");
        field().inflict(new DeviceId("A1-breakers"), new BusyDevice(100, 1));
        site.write("A1-field", 6, 0);
        assertEquals(List.of(), site.plant.acts);
    }

    private SimulatedGateway field() {
        return site.gateway("A1-field");
    }

    @Test
    void moreRegistersThanTheCapAreRefused() {
        bms.inflict(STRING, new WordCap(26));
        assertEquals(26 * 5 - 1, site.registers("A1-bms", 1, 40000, 26).length());
        assertEquals("8303", site.registers("A1-bms", 1, 40000, 27));
    }

    @Test
    void undefinedRegistersAreZeroAfterOneThatIsDefined() {
        assertEquals("8302", site.registers("A1-ups", 1, 0x100B, 3));
        ups.inflict(UPS, new ZeroFill());
        assertEquals("0000 0000 0000", site.registers("A1-ups", 1, 0x100B, 3));
        assertEquals("0203 1388", site.registers("A1-ups", 1, 0x1000, 2));
        assertEquals("8302", site.registers("A1-ups", 1, 0x100C, 3));
    }

    @Test
    void aDriftGrowsByTheHour() {
        bms.inflict(STRING, new Drift("V", -12));
        assertEquals(5000, volts());
        after(Duration.ofMinutes(30));
        assertEquals(4940, volts());
        after(Duration.ofHours(2));
        assertEquals(4760, volts());
    }

    @Test
    void anOffsetIsAlwaysThere() {
        bms.inflict(STRING, new Offset("V", 2.5));
        assertEquals(5025, volts());
        after(Duration.ofHours(2));
        assertEquals(5025, volts());
    }

    @Test
    void noiseIsWithinItsBoundsAndTheSameForTheSameSeed() {
        bms.inflict(STRING, new Noise("V", 2, 7));
        List<Integer> first = noise();
        assertEquals(5000, first.stream().mapToInt(each -> each).average().orElseThrow(), 3);
        assertEquals(4980, Collections.min(first), 3);
        assertEquals(5020, Collections.max(first), 3);
        assertEquals(first, noise());
        bms.mend(STRING, new Noise("V", 2, 7));
        bms.inflict(STRING, new Noise("V", 2, 8));
        assertNotEquals(first, noise());
    }

    private List<Integer> noise() {
        return IntStream.range(0, 300)
                .peek(second -> after(Duration.ofSeconds(second)))
                .mapToObj(_ -> volts())
                .toList();
    }

    @Test
    void aSpikeComesAgainAndAgain() {
        bms.inflict(STRING, new Spike("V", 50, Duration.ofSeconds(10), Duration.ofSeconds(2)));
        List<Integer> seen = new ArrayList<>();
        for (int second : List.of(0, 1, 2, 9, 10, 12)) {
            after(Duration.ofSeconds(second));
            seen.add(volts());
        }
        assertEquals(List.of(5500, 5500, 5000, 5000, 5500, 5000), seen);
    }

    @Test
    void aTornValueMixesTwoReadings() {
        site.plant.set(Role.UPS_BATTERY_VOLTAGE, HandSetPlant.node("H1A"), 500);
        assertEquals("43FA 0000", site.read("A1-ups", 90, 4, 4377, 2));
        ups.inflict(SMART, new TornValue("batteryVolts"));
        assertEquals("43FA 0000", site.read("A1-ups", 90, 4, 4377, 2));
        after(Duration.ofSeconds(1));
        site.plant.set(Role.UPS_BATTERY_VOLTAGE, HandSetPlant.node("H1A"), 520.5);
        assertEquals("43FA 2000", site.read("A1-ups", 90, 4, 4377, 2));
        after(Duration.ofSeconds(2));
        assertEquals("4402 2000", site.read("A1-ups", 90, 4, 4377, 2));
    }

    @Test
    void skewedRegistersTellOneChangeAtTwoTimes() {
        var panel = new DeviceId("A1-breakers");
        field().inflict(panel, new SkewedStatus(Duration.ofSeconds(5)));
        String before = site.registers("A1-field", 6, 0, 6);
        for (int breaker = 1; breaker <= 2; breaker++) {
            site.plant.set(HandSetPlant.breaker("QB-A1-" + breaker), Position.OPEN);
        }
        List<String> seen = new ArrayList<>(List.of(before));
        for (int tenth = 1; tenth <= 50; tenth++) {
            after(Duration.ofMillis(100L * tenth));
            String now = site.registers("A1-field", 6, 0, 2);
            if (!now.equals(seen.getLast())) {
                seen.add(now);
            }
        }
        assertEquals(List.of("0001 0001", "0001 0002", "0002 0002"), seen.subList(1, 4));
    }

    @Test
    void swappedDevicesAnswerForEachOther() {
        bms.inflict(STRING, new SwappedDevices(OTHER));
        assertEquals(4000, volts());
        assertEquals("1388", site.registers("A1-bms", 2, VOLTS, 1));
        bms.mend(STRING, new SwappedDevices(OTHER));
        assertEquals(5000, volts());
    }

    @Test
    void twoAtOneAddressAreHeardByChanceAndBothAct() {
        bms.inflict(STRING, new AddressCollision(OTHER, 3));
        Map<String, Integer> heard = new TreeMap<>();
        for (int second = 0; second < 300; second++) {
            after(Duration.ofSeconds(second));
            heard.merge(site.ask("A1-bms", READ_VOLTS), 1, Integer::sum);
        }
        assertEquals(3, heard.size(), heard::toString);
        heard.values().forEach(count -> assertTrue(count > 70 && count < 130, heard::toString));
        assertEquals("830B", site.registers("A1-bms", 2, VOLTS, 1));

        site.plant.dead.add(OTHER);
        assertEquals(5000, volts());
        site.plant.dead.clear();
        bms.mend(STRING, new AddressCollision(OTHER, 3));
        assertEquals("0FA0", site.registers("A1-bms", 2, VOLTS, 1));
    }

    @Test
    void aSingleMasterHasOneClient() {
        bms.inflict(new SingleMaster());
        assertEquals(Admission.TAKEN, bms.admit(0));
        assertEquals(Admission.REFUSED, bms.admit(1));
        bms.mend(new SingleMaster());
        bms.inflict(new LastMaster());
        assertEquals(Admission.TAKEN_FOR_ALL_OTHERS, bms.admit(1));
    }

    /** Named and placed as a scenario does it, on the first thing that can have it. */
    @ParameterizedTest
    @EnumSource
    void eachKindIsSeenAtTheWireUntilItIsMended(FaultKind kind) {
        List<Target> targets = Affliction.targets(kind, site.site, PROFILES);
        Affliction affliction = Affliction.of(kind, targets.getFirst(), Map.of());
        assertEquals(kind, FaultKind.of(affliction.fault()));
        GatewayId gateway = affliction.target().gateway(site.site);
        List<String> whole = life(gateway);

        affliction.inflict(site.site, site.gateways);
        assertNotEquals(whole, life(gateway), "nothing is different");

        affliction.mending().mend(site.site, site.gateways);
        assertEquals(whole, life(gateway));
    }

    /** Some hours of a plant, as a gateway tells them: all that it has, and whom it admits. */
    private List<String> life(GatewayId gateway) {
        List<String> told = new ArrayList<>();
        for (int second : List.of(0, 1, 2, 3, 4, 7200)) {
            after(Duration.ofSeconds(second));
            live(second);
            told.add(site.gateway(gateway.value()).admit(1).toString());
            site.site.devices().values().stream()
                    .filter(device -> device.gateway().equals(gateway))
                    .forEach(device -> tell(device, told));
        }
        return told;
    }

    private void tell(Device device, List<String> told) {
        for (Profile.Block block : profile(device).blocks()) {
            for (int more : List.of(0, 1)) {
                String request =
                        "%04X 0000 0006 %02X %02X %04X %04X"
                                .formatted(
                                        told.size(),
                                        device.unit(),
                                        block.table() == Profile.Table.INPUT ? 4 : 3,
                                        block.address(),
                                        block.count() + more);
                Answer answer = site.answer(device.gateway().value(), request);
                told.add(
                        answer instanceof Answer.Frame frame
                                ? TwoRooms.hex(frame) + frame.after() + frame.pace()
                                : TwoRooms.hex(answer));
            }
        }
    }

    private static Profile profile(Device device) {
        return Objects.requireNonNull(PROFILES.get(device.profile()));
    }

    private void live(int second) {
        for (Device device : site.site.devices().values()) {
            for (Place place : Place.of(site.site, device, profile(device)).values()) {
                place.source().ifPresent(source -> live(source, second));
            }
        }
    }

    private void live(Place.Source source, int second) {
        switch (source.role().type()) {
            case NUMBER -> site.plant.set(source.role(), source.of(), 50.5 + second % 5);
            case FLAG -> site.plant.set(source.role(), source.of(), second % 2 == 1);
            case POSITION -> {}
        }
    }
}
