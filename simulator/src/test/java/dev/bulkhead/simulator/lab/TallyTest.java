package dev.bulkhead.simulator.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a campaign says of its lives. */
class TallyTest {
    private static final Duration WALL = Duration.ofMinutes(1);
    private static final Instant AT = Instant.parse("2026-01-15T06:00:00Z");

    private static Lived life(long number, Surprise... surprises) {
        return new Lived(
                number,
                Duration.ofHours(6),
                0,
                0,
                List.of(),
                0,
                new LinkedHashMap<>(),
                Set.of(),
                List.of(surprises));
    }

    private static Tally tally(Lived... lives) {
        var tally = new Tally();
        List.of(lives).forEach(tally::add);
        return tally;
    }

    private static Tally.Asked asked(Optional<Long> life) {
        return new Tally.Asked("mine", " --site 'my sites'", 7, 12, life);
    }

    /** Whoever reads "2 lives" asks for life 2, or takes life 1 for the first. */
    @Test
    void livesAreToldByTheirNumbers() {
        assertTrue(
                tally(life(0), life(1))
                        .lines(WALL, asked(Optional.empty()))
                        .getFirst()
                        .startsWith("12.0 h of plant time in lives 0 to 1, "));
        assertTrue(
                tally(life(3))
                        .lines(WALL, asked(Optional.of(3L)))
                        .getFirst()
                        .startsWith("6.0 h of plant time in life 3, "));
    }

    @Test
    void aSurpriseNamesTheCommandThatShowsItAgain() {
        var found = new Surprise(AT, Surprise.Kind.SERVERS_LOST, "twelve of them");

        List<String> lines = tally(life(0), life(1, found)).lines(WALL, asked(Optional.empty()));

        assertTrue(
                lines.stream()
                        .anyMatch(
                                line ->
                                        line.endsWith(
                                                "bulkhead-sim campaign --site 'my sites' --seed 7"
                                                        + " --life 1")),
                () -> String.join("\n", lines));
    }

    @Test
    void theFileIsEnoughToPlayItAgain() throws IOException {
        JsonNode whole = json(tally(life(0), life(1)), asked(Optional.empty()));

        assertEquals("mine", whole.path("site").textValue());
        assertEquals(7, whole.path("seed").longValue());
        assertEquals(12, whole.path("hours").doubleValue());
        assertEquals(0, whole.path("firstLife").longValue());
        assertEquals(1, whole.path("lastLife").longValue());
        assertEquals(
                "bulkhead-sim campaign --site 'my sites' --seed 7 --hours 12",
                whole.path("command").textValue());
        assertEquals(
                "bulkhead-sim campaign --site 'my sites' --seed 7 --life 1",
                json(tally(life(1)), asked(Optional.of(1L))).path("command").textValue());
    }

    private static JsonNode json(Tally tally, Tally.Asked asked) throws IOException {
        return JsonMapper.builder().build().readTree(tally.json(WALL, asked));
    }
}
