package dev.bulkhead.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.bulkhead.rules.condition.PackFile;
import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.ProfileFile;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.Shape;
import dev.bulkhead.rules.site.SiteFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * The schemas of the files people write, which {@code make schemas} writes anew. They are learnt
 * from the readers themselves, by examples that between them have every key there is.
 */
class SchemasTest {
    private static final Path SITES = Path.of("../simulator/src/main/sites");
    private static final Path RULES = Path.of("../rules/src/main/resources/dev/bulkhead/rules");
    private static final Path EVERYTHING =
            Path.of("src/test/resources/dev/bulkhead/agent/everything");
    private static final Path SCHEMAS = Path.of("src/main/resources/dev/bulkhead/agent/schemas");
    private static final JsonMapper MAPPER = new JsonMapper();

    @TempDir private Path folder;

    enum Kind {
        SITE("site.yaml: a facility"),
        AGENT("agent.yaml: an agent"),
        BRIDGE("bridge.yaml: a bridge from broker to store"),
        PROFILE("a register map of a kind of device"),
        PACK("a pack of conditions");

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        private Path file() {
            return SCHEMAS.resolve(word() + ".schema.json");
        }

        private String schema() {
            return Main.Schema.valueOf(name()).text();
        }

        private boolean isOne(Path file) {
            String name = file.getFileName().toString();
            return switch (this) {
                case SITE, AGENT, BRIDGE -> name.matches(word() + "(-[a-z0-9-]+)?\\.yaml");
                case PROFILE, PACK -> file.toString().matches(".*/" + word() + "s/[^/]+\\.yaml");
            };
        }

        private List<Path> examples() {
            var files = new ArrayList<Path>();
            for (Path folder : List.of(SITES, RULES, EVERYTHING)) {
                try (Stream<Path> all = Files.walk(folder)) {
                    all.filter(Files::isRegularFile)
                            .filter(this::isOne)
                            .sorted()
                            .forEach(files::add);
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
            }
            return files;
        }

        private List<String> mistakes(Path file) {
            return switch (this) {
                case SITE -> SiteFile.parse(file.toString(), text(file), profiles()).lines();
                case AGENT -> AgentFile.load(file).lines();
                case BRIDGE -> BridgeFile.load(file).lines();
                case PROFILE -> ProfileFile.parse(file.toString(), text(file)).lines();
                case PACK -> PackFile.parse(file.toString(), text(file)).lines();
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
        String schema = new SchemaText(kind.title).of(kind.shape());
        if (Boolean.getBoolean("schemas.write")) {
            Files.writeString(kind.file(), schema);
        }
        assertEquals(schema, text(kind.file()), "run: make schemas");
    }

    @ParameterizedTest
    @EnumSource
    void everyExampleIsRightByItsSchema(Kind kind) {
        JsonSchema schema = schema(kind);
        for (Path file : kind.examples()) {
            assertEquals(Set.of(), schema.validate(json(file)), file::toString);
        }
    }

    /** What a point may be depends on its type: the schema has the bounds of all types. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "as: u32, bits: [20, 23]",
                "as: u64, bits: [40, 63]",
                "as: u32, values: {true: [70000], false: 1}",
                "as: s16, values: {true: [-2], false: 1}",
                "as: s64, values: {1: -9007199254740992}",
            })
    void whatCheckAcceptsOfAPointIsRightByTheSchema(String as) {
        String map =
                """
                profile: p
                title: t
                source: s
                points: [{name: v, at: 0, %1$s}]
                groups: [{name: g, count: 2, stride: 4, points: [{name: v, at: 10, %1$s}]}]
                """
                        .formatted(as);
        assertEquals(List.of(), ProfileFile.parse("p.yaml", map).lines());
        assertEquals(Set.of(), schema(Kind.PROFILE).validate(parsed(map)));
    }

    /** The reader takes a number in quotes for one. */
    @ParameterizedTest
    @ValueSource(strings = {"unit: \"3\"", "unit: 0x3", "unit: '0x3'"})
    void aNumberInQuotesIsOneByTheSchema(String unit) throws IOException {
        Path file = folder.resolve("site.yaml");
        Files.writeString(
                file, text(SITES.resolve("two-rooms/site.yaml")).replace("unit: 3,", unit + ","));
        assertEquals(List.of(), Kind.SITE.mistakes(file));
        assertEquals(Set.of(), schema(Kind.SITE).validate(json(file)), unit);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "as: u16, order: CBAD",
                "as: u16, role: room.temprature",
                "as: u16, scale: ten",
                "as: int32"
            })
    void aWordThatIsNoneIsWrongByTheSchema(String point) throws IOException {
        Path file = folder.resolve("profile.yaml");
        Files.writeString(
                file,
                """
                profile: p
                title: t
                source: s
                points: [{name: v, at: 1, %s}]
                """
                        .formatted(point));
        assertFalse(Kind.PROFILE.mistakes(file).isEmpty());
        assertFalse(schema(Kind.PROFILE).validate(json(file)).isEmpty(), point);
    }

    /** What an editor is to underline. */
    @ParameterizedTest
    @EnumSource
    void aKeyThatIsMisspelledAnywhereIsWrongByItsSchema(Kind kind) {
        JsonSchema schema = schema(kind);
        Path file = kind.examples().getLast();
        JsonNode whole = json(file);
        int mappings = misspelled(whole.deepCopy(), -1);
        for (int i = 0; i < mappings; i++) {
            JsonNode changed = whole.deepCopy();
            misspelled(changed, i);
            int number = i;
            assertFalse(
                    schema.validate(changed).isEmpty(),
                    () -> file + ", mapping " + number + changed);
        }
        assertTrue(mappings > 2, () -> mappings + " mappings");
    }

    /** Adds a key to mapping number {@code which}; says how many there are. */
    private static int misspelled(JsonNode node, int which) {
        int count = 0;
        if (node instanceof ObjectNode mapping) {
            if (which == 0) {
                mapping.put("neverHeardOf", 1);
            }
            count++;
        }
        for (JsonNode part : parts(node)) {
            count += misspelled(part, which - count);
        }
        return count;
    }

    /** But for the values of a point, where people choose the keys. */
    private static List<JsonNode> parts(JsonNode node) {
        return node.isObject()
                ? node.propertyStream()
                        .filter(one -> !one.getKey().equals("values"))
                        .map(Map.Entry::getValue)
                        .toList()
                : node.valueStream().toList();
    }

    private static JsonSchema schema(Kind kind) {
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(kind.schema());
    }

    private static JsonNode json(Path file) {
        return parsed(text(file));
    }

    private static JsonNode parsed(String text) {
        var core = LoadSettings.builder().setSchema(new CoreSchema()).build();
        Object yaml = new Load(core).loadFromString(text);
        return MAPPER.valueToTree(yaml);
    }

    private static Map<ProfileId, Profile> profiles() {
        return new Sources().profiles(List.of());
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
