package dev.bulkhead.simulator.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.AgentFile;
import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.ProfileFile;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.simulator.Facility;
import dev.bulkhead.simulator.scenario.Life;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Random lives, with the agent's real code. */
class LivesTest {
    private static final Path SITE = Stages.sites().resolve("two-rooms-24");
    private static final Duration LENGTH = Duration.ofMinutes(140);

    @TempDir private Path folder;

    private final Facility facility = Facility.read(SITE.resolve("plant.yaml")).orElseThrow();

    private Lives lives(Facility simulated) {
        return new Lives(
                simulated, AgentFile.load(SITE.resolve("agent.yaml")).orElseThrow(), 11, LENGTH);
    }

    /** Also what mutants must turn red: a wrong vote, guard or number shows within these hours. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aNightOfTroubleHoldsNoSurprise() throws InterruptedException {
        var lived = new ArrayList<Lived>();

        lives(facility).play(Duration.ofHours(7), 2, lived::add);

        assertEquals(List.of(), lived.stream().flatMap(life -> life.told().stream()).toList());
        assertTrue(lived.stream().mapToInt(Lived::isolated).sum() > 0, "no room was isolated");
        assertTrue(lived.stream().allMatch(life -> life.compared() > 10_000), "" + lived);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aLifeIsTheSameWhenItIsPlayedAgain() {
        assertEquals(lives(facility).play(3, _ -> {}), lives(facility).play(3, _ -> {}));
    }

    /** Registers that the agent scales otherwise than the device are found as wrong numbers. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aNumberThatThePlantDoesNotHaveIsASurprise() throws IOException {
        var profiles = new LinkedHashMap<ProfileId, Profile>(facility.profiles());
        String text = shipped("socomec-ups").replace("scale: 0.1", "scale: 0.11");
        Profile other = ProfileFile.parse("socomec-ups.yaml", text).orElseThrow();
        assertFalse(other.equals(profiles.put(other.id(), other)), "the register map is the same");

        Lived lived =
                lives(new Facility(facility.site(), profiles, facility.settings()))
                        .play(0, _ -> {});

        assertTrue(
                lived.surprises().stream()
                        .anyMatch(surprise -> surprise.kind() == Surprise.Kind.WRONG_NUMBER),
                "" + lived.surprises());
    }

    /** A trip coil that acts in the other room: what truly moves counts, not what was sent. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aMiswiredBreakerIsASurpriseAndNothingDrawnExcusesIt() throws IOException {
        Path site =
                copy(
                        "plant.yaml",
                        "deviations: {}",
                        "deviations: {miswiredBreakers: [[QS-A1-01, QS-B1-01]]}");
        var lives = lives(Facility.read(site.resolve("plant.yaml")).orElseThrow());

        Lived lived = lives.play(first(lives, LivesTest::isInTheWay), _ -> {});

        List<Surprise.Kind> kinds = lived.surprises().stream().map(Surprise::kind).toList();
        assertTrue(kinds.contains(Surprise.Kind.WRONG_BREAKER), "" + lived.surprises());
        assertTrue(kinds.contains(Surprise.Kind.MISSED_ISOLATION), "" + lived.surprises());
        assertEquals(Map.of(), lived.excused());
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aRoomThatIsNotArmedIsSaidToBe() throws IOException {
        Path site = copy("agent.yaml", "  - {room: B1}\n", "");
        var lives =
                new Lives(
                        facility,
                        AgentFile.load(site.resolve("agent.yaml")).orElseThrow(),
                        11,
                        LENGTH);
        Lived lived = lives.play(first(lives, LivesTest::isFireInB1), _ -> {});

        assertEquals(List.of(), lived.told());
        assertTrue(
                lived.excused().getOrDefault(new RoomId("B1"), "").startsWith("not armed: [Q"),
                "" + lived);
    }

    /** A room is not isolated by itself while a UPS that would take its load can't be read. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aMuteUpsOfTheOtherRoomStandsInTheWay() {
        var lives = lives(facility);
        Lived lived =
                lives.play(first(lives, LivesTest::isOnlyAMuteUpsOfTheOtherRoomInTheWay), _ -> {});

        assertEquals(List.of(), lived.told());
        assertEquals(1, lived.excused().size(), "" + lived);
    }

    private static boolean isOnlyAMuteUpsOfTheOtherRoomInTheWay(List<Life.Spell> spells) {
        return spells.stream()
                .filter(Life.Spell::isFire)
                .anyMatch(
                        fire -> {
                            List<Life.Spell> then =
                                    spells.stream()
                                            .filter(spell -> !spell.isFire())
                                            .filter(
                                                    spell ->
                                                            spell.isWithin(
                                                                    fire.from(),
                                                                    fire.from().plusMinutes(20)))
                                            .toList();
                            return then.stream()
                                            .noneMatch(spell -> spell.rooms().equals(fire.rooms()))
                                    && then.stream()
                                            .filter(
                                                    spell ->
                                                            spell.effect()
                                                                    == Life.Spell.Effect.MUTE)
                                            .flatMap(spell -> spell.devices().stream())
                                            .anyMatch(device -> device.value().endsWith("-status"));
                        });
    }

    private static long first(Lives lives, Predicate<List<Life.Spell>> isWanted) {
        return LongStream.range(0, 5000)
                .filter(number -> isWanted.test(lives.draw(number).spells()))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isInTheWay(List<Life.Spell> spells) {
        return spells.stream()
                .filter(Life.Spell::isFire)
                .anyMatch(
                        fire ->
                                spells.stream()
                                        .filter(spell -> !spell.isFire())
                                        .filter(spell -> spell.rooms().equals(fire.rooms()))
                                        .anyMatch(
                                                spell ->
                                                        spell.isWithin(
                                                                fire.from(),
                                                                fire.from().plusMinutes(15))));
    }

    private static boolean isFireInB1(List<Life.Spell> spells) {
        return spells.stream()
                .filter(Life.Spell::isFire)
                .anyMatch(fire -> fire.rooms().equals(Set.of(new RoomId("B1"))));
    }

    /** The shipped site with one of its files changed. */
    private Path copy(String file, String from, String to) throws IOException {
        for (String each : List.of("site.yaml", "plant.yaml", "agent.yaml")) {
            String text = Files.readString(SITE.resolve(each));
            String changed = each.equals(file) ? text.replace(from, to) : text;
            assertEquals(each.equals(file), !changed.equals(text), file + " has no " + from);
            Files.writeString(folder.resolve(each), changed);
        }
        return folder;
    }

    private static String shipped(String profile) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(
                        ProfileFile.class.getResourceAsStream(
                                "/dev/bulkhead/rules/profiles/" + profile + ".yaml"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
