package dev.bulkhead.simulator.score;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PlantTimeTest {

    @Test
    void hoursAppearWhenThereAreAny() {
        assertEquals("+06:12", PlantTime.of(Duration.ofSeconds(372)));
        assertEquals("+1:44:30", PlantTime.of(Duration.ofSeconds(6270)));
        assertEquals("−00:05", PlantTime.of(Duration.ofSeconds(-5)));
    }

    @Test
    void breakersAreToldApartByTenths() {
        assertEquals("+10:52.9", PlantTime.fine(Instant.EPOCH, Instant.ofEpochMilli(652_950)));
    }

    @Test
    void lengthsAreSaidInTheirOwnUnit() {
        assertEquals("0 s", PlantTime.words(Duration.ZERO));
        assertEquals("20 ms", PlantTime.words(Duration.ofMillis(20)));
        assertEquals("−999 ms", PlantTime.words(Duration.ofMillis(-999)));
        assertEquals("42 s", PlantTime.words(Duration.ofMillis(41_700)));
        assertEquals("5 min 40 s", PlantTime.words(Duration.ofSeconds(340)));
        assertEquals("35 min", PlantTime.words(Duration.ofMinutes(35)));
        assertEquals("1 h 30 min", PlantTime.words(Duration.ofMinutes(90)));
        assertEquals("2 h", PlantTime.words(Duration.ofHours(2)));
    }
}
