package dev.bulkhead.simulator.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.Profile.Encoding;
import dev.bulkhead.rules.profile.Profile.Identity;
import dev.bulkhead.rules.profile.Profile.Point;
import dev.bulkhead.rules.profile.Profile.Table;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.SignalId;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.simulator.ShippedProfiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Words as a device has them, and what they mean by its source, both written out by hand in {@code
 * profile-words.csv}: a wrong address, scale or bit of a register map is one that measures
 * something else.
 */
class ProfileWordsTest {
    private static final SequencedMap<ProfileId, Profile> PROFILES = ShippedProfiles.all();

    record Place(Table table, int address) {}

    /**
     * One line.
     *
     * @param point empty where the words prove the device, for every line of its profile
     */
    record Line(
            Profile profile, Place first, List<Integer> words, Optional<String> point, String is) {
        private static Line of(String text) {
            List<String> fields = Arrays.stream(text.split(";")).map(String::strip).toList();
            return new Line(
                    Site.known(PROFILES, new ProfileId(fields.get(0))),
                    new Place(
                            Table.valueOf(fields.get(1).toUpperCase(Locale.ROOT)),
                            Integer.decode(fields.get(2))),
                    Arrays.stream(fields.get(3).split(" "))
                            .map(word -> Integer.parseInt(word, 16))
                            .toList(),
                    Optional.of(fields.get(4)).filter(name -> !name.equals("proof")),
                    fields.get(5));
        }

        private void into(Map<Place, Integer> memory) {
            for (int at = 0; at < words.size(); at++) {
                memory.put(new Place(first.table(), first.address() + at), words.get(at));
            }
        }

        /** The point of the profile, without the number of its item. */
        private Point written() {
            String name = point.orElseThrow();
            return Stream.concat(
                            profile.points().stream(),
                            profile.groups().stream().flatMap(group -> group.points().stream()))
                    .filter(each -> each.name().equals(name.substring(name.indexOf('.') + 1)))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(profile.id() + " has no " + name));
        }

        @Override
        public String toString() {
            return "%s %s at %d: %04X is %s %s"
                    .formatted(
                            profile.id(),
                            first.table(),
                            first.address(),
                            words.getFirst(),
                            point.orElse("proof"),
                            is);
        }
    }

    /** A unit that has these words, and zeros everywhere else. */
    private static byte[] answer(Map<Place, Integer> memory, byte[] request) {
        ByteBuffer asked = ByteBuffer.wrap(request);
        byte function = asked.get(7);
        Table table =
                switch (function) {
                    case 1 -> Table.COIL;
                    case 2 -> Table.DISCRETE;
                    case 3 -> Table.HOLDING;
                    case 4 -> Table.INPUT;
                    default -> throw new AssertionError("function " + function);
                };
        boolean isOfBits = function < 3;
        int address = Short.toUnsignedInt(asked.getShort(8));
        int count = Short.toUnsignedInt(asked.getShort(10));
        byte[] data = new byte[isOfBits ? (count + 7) / 8 : 2 * count];
        for (int at = 0; at < count; at++) {
            int word = memory.getOrDefault(new Place(table, address + at), 0);
            if (isOfBits) {
                data[at / 8] |= (byte) (word << (at % 8));
            } else {
                data[2 * at] = (byte) (word >> 8);
                data[2 * at + 1] = (byte) word;
            }
        }
        return ByteBuffer.allocate(9 + data.length)
                .putShort(asked.getShort(0))
                .putShort((short) 0)
                .putShort((short) (3 + data.length))
                .put(asked.get(6))
                .put(function)
                .put((byte) data.length)
                .put(data)
                .array();
    }

    private static List<Line> all() {
        try (InputStream in = ProfileWordsTest.class.getResourceAsStream("profile-words.csv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Line::of)
                    .toList();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    static List<Line> lines() {
        return all().stream().filter(line -> line.point().isPresent()).toList();
    }

    @ParameterizedTest
    @MethodSource("lines")
    void wordsMeanWhatTheSourceSays(Line line) {
        Map<Place, Integer> memory = new HashMap<>();
        all().stream()
                .filter(each -> each.profile().equals(line.profile()) && each.point().isEmpty())
                .forEach(each -> each.into(memory));
        line.into(memory);
        String point = line.point().orElseThrow();
        Site site = Shelf.with(line.profile(), wires(line.written(), point));
        Reading reading =
                Site.known(
                        AgentLink.readings(
                                site,
                                PROFILES,
                                new GatewayId("A1-ups"),
                                (request, _) -> answer(memory, request)),
                        new SignalId(Shelf.DEVICE + "." + point));
        if (line.is().equals("none")) {
            assertInstanceOf(Reading.Invalid.class, reading);
        } else {
            var measured = assertInstanceOf(Reading.Measured.class, reading, reading::toString);
            assertEquals(line.is(), words(measured.value()));
        }
    }

    private static String words(Value value) {
        return switch (value) {
            case Value.Quantity(double number) -> Double.toString(number);
            case Value.Flag(boolean isSet) -> Boolean.toString(isSet);
            case Value.At(var position) -> position.toString().toLowerCase(Locale.ROOT);
        };
    }

    /** A point that means nothing by itself is wired to something that can be anything. */
    private static String[] wires(Point written, String point) {
        if (written.role().isPresent()) {
            return new String[0];
        }
        Role role =
                switch (written.encoding().gives().orElseThrow()) {
                    case NUMBER -> Role.BANK_CURRENT;
                    case FLAG -> Role.UPS_ON_BATTERY;
                    case POSITION -> Role.BREAKER_POSITION;
                };
        String span = written.encoding() instanceof Encoding.Loop ? ", span: [0, 1600]" : "";
        return new String[] {
            "{terminal: %s, role: %s, of: %s%s}"
                    .formatted(point, role, Shelf.thing(role.of()), span)
        };
    }

    /** {@code UnitImageTest} has the words of the SunSpec maps. */
    @Test
    void everyPointOfAShippedProfileHasALine() {
        Set<String> missing = new LinkedHashSet<>();
        for (Profile profile : PROFILES.values()) {
            List<String> proofs = profile.identities().stream().map(Identity::point).toList();
            if (!profile.id().value().startsWith("sunspec-")) {
                Stream.concat(
                                profile.points().stream()
                                        .filter(point -> !proofs.contains(point.name())),
                                profile.groups().stream().flatMap(group -> group.points().stream()))
                        .filter(point -> !(point.encoding() instanceof Encoding.Text))
                        .map(point -> profile.id() + " " + point.name())
                        .forEach(missing::add);
            }
        }
        lines().forEach(line -> missing.remove(line.profile().id() + " " + line.written().name()));
        assertEquals(Set.of(), missing);
    }
}
