package dev.bulkhead.simulator.plant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** plant.yaml. */
final class PlantFileTest {
    private final Site site = ShippedPlants.site("two-rooms");

    @ParameterizedTest
    @CsvSource({
        "two-rooms, 4.10",
        "two-rooms-vrla, 2.25",
        "pangyo-rebuilt, 4.10",
        "pangyo-2022, 4.10"
    })
    void aShippedPlantHasNoMistakeAndRestsAtFloat(String name, double voltsPerCell) {
        Plant plant = ShippedPlants.plant(name, 3);
        var string = plant.site().strings().values().iterator().next();
        var volts = plant.sense(Role.RACK_VOLTAGE, new Subject.OfNode(string.id()));

        assertEquals(voltsPerCell * string.cells(), ((Value.Quantity) volts).number(), 0.5);
    }

    @Test
    void whatAFileLeavesOutIsAsUsual() {
        var parsed = PlantFile.parse("plant.yaml", "plant: two-rooms\n", site).orElseThrow();

        assertEquals(PlantSettings.usual().cells(), parsed.cells());
        assertEquals(PlantSettings.usual().spread().nextRack(), parsed.spread().nextRack());
    }

    @Test
    void aCellIsAsTheOneItIsLikeButForWhatTheFileSays() {
        String text =
                """
                plant: two-rooms
                chemistry: lfp
                cells: {like: lfp-280, ventCelsius: 150}
                """;
        var cells = PlantFile.parse("plant.yaml", text, site).orElseThrow().cells();

        assertEquals(PlantSettings.Cells.lfp280().kilograms(), cells.kilograms());
        assertEquals(150, cells.ventCelsius());
    }

    /** Its reactions would heat it past all numbers. */
    @Test
    void aCellIsAboutAsDenseAsCellsAre() {
        String text =
                """
                plant: two-rooms
                cells:
                  massKilograms: 0.01
                """;

        assertEquals(
                List.of(
                        "plant.yaml:3:3: a cell of 10 kg/m³ by its mass and sizes; expected 1000"
                                + " to 5000"),
                PlantFile.parse("plant.yaml", text, site).lines());
    }

    @Test
    void aPlantOfOtherCellsThanItsSitesIsAMistake() {
        var site = ShippedPlants.site("two-rooms-vrla");

        assertEquals(
                List.of(
                        "plant.yaml:2:12: chemistry is nmc; string 'A1-S01' of the site is lead-acid"),
                PlantFile.parse("plant.yaml", "plant: two-rooms-vrla\nchemistry: nmc\n", site)
                        .lines());
    }

    @Test
    void everyMistakeIsReportedWithItsPlace() {
        String text =
                """
                plant: three-rooms
                chemistry: nickel
                cells:
                  milliohms: much
                  chargePercent: 130
                switchgear:
                  opening: 0 ms
                deviations:
                  stuckBreakers: [QB-A1-1, QB-A9-1]
                  swappedUnits:
                    - [A1-S01-bms]
                    - [A1-S01-bms, A1-S02-bms]
                    - [A1-S02-bms, A1-S03-bms]
                colour: red
                """;
        var problems = PlantFile.parse("plant.yaml", text, site).lines();

        assertEquals(9, problems.size(), () -> String.join("\n", problems));
        assertEquals(
                "plant.yaml:1:8: plant is of 'three-rooms'; the site is two-rooms",
                problems.getFirst());
        assertTrue(problems.contains("plant.yaml:9:28: the site has no breaker QB-A9-1"));
    }

    private List<String> mistakes(String text) {
        return PlantFile.parse("plant.yaml", "plant: two-rooms\n" + text, site).lines();
    }

    /** Such a plant would raise its fire alarm before its alert, and nobody would see why. */
    @Test
    void stepsOfSmokeThatDoNotRiseAreAMistake() {
        assertEquals(
                List.of(
                        "plant.yaml:2:40: smokeAlertPercentPerMetre is 0.5 %/m, above"
                                + " smokeActionPercentPerMetre, 0.14 %/m"),
                mistakes("detectors: {smokeAlertPercentPerMetre: 0.5}\n"));
        assertEquals(
                List.of(
                        "plant.yaml:2:39: smokeActionPercentPerMetre is 0.14 %/m, above"
                                + " smokeFirePercentPerMetre, 0.1 %/m"),
                mistakes("detectors: {smokeFirePercentPerMetre: 0.1}\n"));
        assertEquals(1, mistakes("detectors: {smokeBackgroundPercentPerMetre: 0.09}\n").size());
        assertEquals(
                List.of("plant.yaml:2:39: smokeFirePercentPerMetre is 30; expected 0.001 to 20"),
                mistakes("detectors: {smokeFirePercentPerMetre: 30}\n"));
    }

    @Test
    void aStringThatFloatsBelowEmptyIsAMistake() {
        assertEquals(
                List.of(
                        "plant.yaml:2:33: floatVoltsPerCell is 2.0 V, below emptyVoltsPerCell,"
                                + " 3.0 V"),
                mistakes("switchgear: {floatVoltsPerCell: 2}\n"));
        assertEquals(
                List.of(
                        "plant.yaml:3:29: floatVoltsPerCell is 2.25 V, below emptyVoltsPerCell,"
                                + " 2.5 V"),
                PlantFile.parse(
                                "plant.yaml",
                                "plant: two-rooms-vrla\nchemistry: vrla\nbackup: {emptyVoltsPerCell: 2.5}\n",
                                ShippedPlants.site("two-rooms-vrla"))
                        .lines());
    }

    /** Cells that start all but empty are what the file says; nobody contradicts himself. */
    @Test
    void aFloatThatNobodySetIsNoMistake() {
        assertEquals(List.of(), mistakes("chemistry: lfp\ncells: {chargePercent: 1}\n"));
    }

    @Test
    void deviationsMakeThePlantDifferFromItsDocuments() {
        String text =
                """
                plant: two-rooms
                deviations:
                  swappedUnits: [[A1-S01-bms, A1-S02-bms]]
                  miswiredBreakers: [[QS-A1-01, QS-A1-02]]
                  stuckBreakers: [QB-A1-1]
                  localBreakers: [QB-A1-2]
                """;
        var settings = PlantFile.parse("plant.yaml", text, site).orElseThrow();
        var plant = new Plant(site, settings, 1, ShippedPlants.START);
        var documented = new BreakerId("QS-A1-01");
        plant.select(documented);
        plant.trip(documented);
        plant.advanceTo(plant.now().plusSeconds(1));

        assertEquals(
                new DeviceId("A1-S02-bms"),
                settings.deviations().standingAt(new DeviceId("A1-S01-bms")));
        assertEquals(
                List.of("QS-A1-02 opened"),
                plant.occurrences().stream().map(Occurrence::text).toList());
        assertEquals(
                new Value.At(Position.OPEN),
                plant.sense(Role.BREAKER_POSITION, new Subject.OfBreaker(documented)));
        assertFalse(plant.select(new BreakerId("QB-A1-2")));
    }
}
