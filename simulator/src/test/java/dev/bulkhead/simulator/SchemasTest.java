package dev.bulkhead.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.bulkhead.agent.SchemaText;
import dev.bulkhead.rules.site.Shape;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.simulator.plant.PlantFile;
import dev.bulkhead.simulator.plant.PlantKeys;
import dev.bulkhead.simulator.scenario.ScenarioFile;
import dev.bulkhead.simulator.scenario.ShippedScenarios;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * The schemas of plants and scenarios, which {@code make schemas} writes anew: learnt from their
 * readers, as the agent's are.
 */
class SchemasTest {
    private static final Path SITES = ShippedScenarios.sites();
    private static final Path SIMULATOR = SITES.resolve("../../..").normalize();
    private static final Path EVERYTHING =
            SIMULATOR.resolve("src/test/resources/dev/bulkhead/simulator/everything");
    private static final Path SCHEMAS =
            SIMULATOR.resolve("src/main/resources/dev/bulkhead/simulator/schemas");

    enum Kind {
        PLANT("plant.yaml: how a facility truly behaves"),
        SCENARIO("a scenario: what happens to a facility, and when");

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        private Path file() {
            return SCHEMAS.resolve(SchemaCommand.Kind.valueOf(name()).file());
        }

        /** As the docs say it. */
        private Map<String, String> meanings() {
            return switch (this) {
                case PLANT ->
                        PlantKeys.rows().stream()
                                .collect(
                                        Collectors.toMap(
                                                row -> "." + row.key(),
                                                PlantKeys.Row::description));
                case SCENARIO -> happenings();
            };
        }

        /** The rows of the page's table, of which each may have several keys. */
        private static Map<String, String> happenings() {
            var meanings = new TreeMap<String, String>();
            text(SIMULATOR.resolve("../docs/how-to/scenarios.md"))
                    .lines()
                    .dropWhile(line -> !line.equals("## What can happen"))
                    .takeWhile(line -> !line.equals("## Policies"))
                    .filter(line -> line.startsWith("| `"))
                    .map(line -> line.split("\\|", -1))
                    .forEach(
                            cells -> {
                                String means =
                                        (cells[2].strip() + ": " + cells[3].strip())
                                                .replaceFirst(": $", "");
                                for (String key : cells[1].replace("`", "").split(",", -1)) {
                                    meanings.put(".timeline[]." + key.strip(), means);
                                }
                            });
            return meanings;
        }

        private boolean isOne(Path file) {
            return switch (this) {
                case PLANT -> file.getFileName().toString().matches("plant(-[a-z-]+)?\\.yaml");
                case SCENARIO -> file.toString().matches(".*/scenarios/[^/]+\\.yaml");
            };
        }

        private List<Path> examples() {
            return Stream.of(SITES, EVERYTHING).flatMap(this::examples).toList();
        }

        private Stream<Path> examples(Path folder) {
            try (Stream<Path> all = Files.walk(folder)) {
                return all.filter(this::isOne).sorted().toList().stream();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        private List<String> mistakes(Path file) {
            String name = SITES.relativize(file).getName(0).toString();
            Site site = ShippedScenarios.site(file.startsWith(SITES) ? name : "two-rooms");
            return switch (this) {
                case PLANT -> PlantFile.parse(file.toString(), text(file), site).lines();
                case SCENARIO ->
                        ScenarioFile.parse(file.toString(), text(file), site, ShippedProfiles.all())
                                .lines();
            };
        }

        private Shape shape() {
            List<Path> files = examples();
            return Shape.learn(
                    files.stream().map(Path::toString).collect(Collectors.toSet()),
                    () -> files.forEach(file -> assertEquals(List.of(), mistakes(file))));
        }
    }

    /** If it fails, {@code make schemas} was forgotten, or the examples lack a key. */
    @ParameterizedTest
    @EnumSource
    void aSchemaSaysWhatItsReaderReads(Kind kind) throws IOException {
        String schema = new SchemaText(kind.title, kind.meanings()).of(kind.shape());
        if (Boolean.getBoolean("schemas.write")) {
            Files.writeString(kind.file(), schema);
        }
        assertEquals(schema, text(kind.file()), "run: make schemas");
    }

    @ParameterizedTest
    @EnumSource
    void everyExampleIsRightByItsSchemaAndAMisspelledKeyIsNot(Kind kind) {
        JsonSchema schema =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                        .getSchema(text(kind.file()));
        for (Path file : kind.examples()) {
            JsonNode whole = json(file);
            assertEquals(Set.of(), schema.validate(whole), file::toString);
            ((ObjectNode) whole).put("neverHeardOf", 1);
            assertFalse(schema.validate(whole).isEmpty(), file::toString);
        }
    }

    @Test
    void whatCanHappenIsExplained() {
        json(Kind.SCENARIO.file())
                .at("/properties/timeline/items/properties")
                .properties()
                .forEach(
                        key ->
                                assertTrue(
                                        key.getKey().equals("at")
                                                || key.getValue().has("description"),
                                        () -> "docs/how-to/scenarios.md lacks " + key.getKey()));
    }

    @Test
    void theProgramPrintsThem() {
        var out = new StringWriter();

        int exit = Main.commandLine().setOut(new PrintWriter(out)).execute("schema", "scenario");

        assertEquals(0, exit);
        assertTrue(out.toString().contains("\"internal-short\""), out::toString);
    }

    @Test
    void whoAsksForAFileOfTheAgentIsToldWhoHasIt() {
        var err = new StringWriter();

        int exit = Main.commandLine().setErr(new PrintWriter(err)).execute("schema", "site");

        assertEquals(64, exit);
        assertTrue(err.toString().contains("bulkhead schema site"), err::toString);
    }

    private static JsonNode json(Path file) {
        var core = LoadSettings.builder().setSchema(new CoreSchema()).build();
        return new JsonMapper().valueToTree(new Load(core).loadFromString(text(file)));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
