package dev.bulkhead.simulator.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.simulator.Facility;
import dev.bulkhead.simulator.device.Affliction;
import dev.bulkhead.simulator.device.FaultKind;
import dev.bulkhead.simulator.scenario.Life.Spell;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RandomLifeTest {
    private static final Duration LENGTH = Duration.ofHours(6);

    /** The longest window of a vote in the shipped pack. */
    private static final Duration COUNTS = Duration.ofMinutes(90);

    private final Facility facility =
            Facility.read(ShippedScenarios.sites().resolve("two-rooms-24", "plant.yaml"))
                    .orElseThrow();

    private Life life(long seed) {
        return RandomLife.draw(facility.site(), facility.profiles(), seed, LENGTH);
    }

    @Test
    void theSameSeedIsTheSameLifeAndAnotherIsAnother() {
        assertEquals(life(7), life(7));
        assertNotEquals(life(7).spells(), life(8).spells());
    }

    @Test
    void twoHundredLivesHaveEveryKindOfTrouble() {
        Set<String> drawn =
                LongStream.range(0, 200)
                        .mapToObj(this::life)
                        .flatMap(life -> life.spells().stream())
                        .map(Spell::kind)
                        .collect(Collectors.toSet());

        List<String> wanted =
                Stream.concat(
                                Arrays.stream(FaultKind.values())
                                        .filter(this::canBefall)
                                        .map(FaultKind::text),
                                Stream.concat(
                                        Spell.LOOKALIKES.stream(),
                                        Stream.of(
                                                "internal-short",
                                                "utility-lost",
                                                "set-local",
                                                "open-by-hand",
                                                "breaker-sticks",
                                                "breaker-lies",
                                                "control-supply-lost",
                                                "trip-circuit-broken")))
                        .filter(kind -> !drawn.contains(kind))
                        .toList();
        assertEquals(List.of(), wanted);
    }

    private boolean canBefall(FaultKind kind) {
        return !Affliction.targets(kind, facility.site(), facility.profiles()).isEmpty();
    }

    @Test
    void everyFireHasTimeToBeSeenAndIsolated() {
        for (long seed = 0; seed < 100; seed++) {
            for (Spell spell : life(seed).spells()) {
                if (spell.isFire()) {
                    Duration left = LENGTH.minus(spell.from());
                    assertTrue(left.compareTo(Duration.ofMinutes(45)) >= 0, "seed " + seed);
                }
            }
        }
    }

    /** The first of them to be mended would end both; garbage of garbage is a right answer. */
    @Test
    void nothingIsBrokenTwiceInTheSameWayAtOnce() {
        for (long seed = 0; seed < 200; seed++) {
            List<Spell> spells =
                    life(seed).spells().stream()
                            .filter(spell -> !spell.devices().isEmpty())
                            .toList();
            for (int one = 0; one < spells.size(); one++) {
                Spell spell = spells.get(one);
                assertTrue(
                        spells.subList(0, one).stream()
                                .filter(other -> other.text().equals(spell.text()))
                                .noneMatch(
                                        other ->
                                                other.isWithin(
                                                        spell.from(),
                                                        spell.until().orElse(LENGTH))),
                        "seed " + seed + ": " + spell.text());
            }
        }
    }

    /** Two kinds of evidence that count at a time are a fire to whoever has only evidence. */
    @Test
    void whatLooksLikeAFireIsAloneInItsRoom() {
        for (long seed = 0; seed < 100; seed++) {
            List<Spell> spells = life(seed).spells();
            for (Spell lookalike : spells) {
                if (!lookalike.looksLikeAFire()) {
                    continue;
                }
                List<Spell> beside =
                        spells.stream()
                                .filter(other -> !other.equals(lookalike))
                                .filter(other -> other.isFire() || other.tellsOfTrouble())
                                .filter(other -> shareARoom(other, lookalike))
                                .filter(
                                        other ->
                                                other.isWithin(
                                                        lookalike.from().minus(COUNTS),
                                                        lookalike
                                                                .until()
                                                                .orElse(LENGTH)
                                                                .plus(COUNTS)))
                                .toList();
                assertEquals(List.of(), beside, "seed " + seed + ", beside " + lookalike);
            }
        }
    }

    private static boolean shareARoom(Spell one, Spell other) {
        return one.rooms().stream().anyMatch(other.rooms()::contains);
    }

    @Test
    void aLifeWithoutRoomForAFireIsNoLife() {
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        RandomLife.draw(
                                facility.site(), facility.profiles(), 1, Duration.ofHours(2)));
    }
}
