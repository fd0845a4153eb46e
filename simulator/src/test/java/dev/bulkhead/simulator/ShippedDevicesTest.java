package dev.bulkhead.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.bulkhead.rules.profile.Chain;
import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.Profile.Encoding;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.simulator.device.Answer;
import dev.bulkhead.simulator.device.SimulatedGateway;
import dev.bulkhead.simulator.plant.Plant;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every device of the shipped sites over a real plant: a block that is refused, or a device that
 * doesn't prove itself, would be taken for a silent battery room.
 */
class ShippedDevicesTest {
    private static final Instant START = Instant.parse("2026-01-15T06:00:00Z");

    @ParameterizedTest
    @ValueSource(strings = {"two-rooms", "two-rooms-vrla", "pangyo-rebuilt", "pangyo-2022"})
    void everyBlockIsAnsweredAndEveryDeviceProvesItself(String site) {
        Facility facility =
                Facility.read(Path.of("src/main/sites", site, "plant.yaml")).orElseThrow();
        var plant = new Plant(facility.site(), facility.settings(), 1, START);
        var gateways = facility.gateways(plant);
        SignalTable signals = SignalTable.of(facility.site(), facility.profiles());
        for (Device device : facility.site().devices().values()) {
            SimulatedGateway gateway = Site.known(gateways, device.gateway());
            Profile profile = Site.known(facility.profiles(), device.profile());
            Set<String> wanted = signals.pointsOf(device.id());
            for (Profile.Block block : Chain.asWritten(profile, wanted).blocks()) {
                ByteBuffer answer =
                        read(gateway, device, block.table(), block.address(), block.count());
                assertEquals(function(block.table()), answer.get(7), device.id() + ": " + block);
            }
            for (Profile.Identity identity : profile.identities()) {
                profile.points().stream()
                        .filter(point -> point.name().equals(identity.point()))
                        .filter(point -> point.encoding() instanceof Encoding.Numeric)
                        .forEach(point -> expectProof(gateway, device, identity, point));
            }
        }
    }

    private static void expectProof(
            SimulatedGateway gateway,
            Device device,
            Profile.Identity identity,
            Profile.Point point) {
        int expected =
                identity.expected()
                        .map(Integer::parseInt)
                        .orElseGet(() -> device.index().orElse(0));
        ByteBuffer answer = read(gateway, device, point.table(), point.address(), 1);
        int low =
                point.encoding() instanceof Encoding.Numeric number
                        ? number.stored().bits().map(Profile.Bits::low).orElse(0)
                        : 0;
        int proof = Short.toUnsignedInt(answer.getShort(9)) >> low;
        assertEquals(expected, proof, device.id() + ": " + point.name());
    }

    private static ByteBuffer read(
            SimulatedGateway gateway, Device device, Profile.Table table, int address, int count) {
        ByteBuffer request =
                ByteBuffer.allocate(12)
                        .putInt(0x00010000)
                        .putShort((short) 6)
                        .put((byte) device.unit())
                        .put(function(table))
                        .putShort((short) address)
                        .putShort((short) count)
                        .flip();
        return assertInstanceOf(Answer.Frame.class, gateway.answer(request, START)).bytes();
    }

    private static byte function(Profile.Table table) {
        return switch (table) {
            case COIL -> 1;
            case DISCRETE -> 2;
            case HOLDING -> 3;
            case INPUT -> 4;
        };
    }
}
