package dev.bulkhead.simulator.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.AgentFile;
import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.ProfileFile;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.simulator.Facility;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Random lives, with the agent's real code. */
class LivesTest {
    private static final Path SITE = Stages.sites().resolve("two-rooms-24");
    private static final Duration LENGTH = Duration.ofMinutes(140);

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

    private static String shipped(String profile) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(
                        ProfileFile.class.getResourceAsStream(
                                "/dev/bulkhead/rules/profiles/" + profile + ".yaml"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
