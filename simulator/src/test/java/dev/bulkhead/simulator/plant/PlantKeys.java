package dev.bulkhead.simulator.plant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The table of all keys of plant.yaml in the docs. */
public final class PlantKeys {
    private static final Path PAGE = Path.of("../docs/reference/files.md");
    private static final String HEAD =
            "| key | unit | values | default | means |\n|---|---|---|---|---|\n";

    /** What the table has where there is no default. */
    static final String NONE = "–";

    private PlantKeys() {}

    /** A row; {@code key} with the key of its section before it and a point between. */
    public record Row(String key, String unit, String values, String usual, String means) {
        /** As an editor shows it. */
        public String description() {
            String standing = usual.equals(NONE) ? "" : "default " + usual;
            String joined = unit.isEmpty() || standing.isEmpty() ? "" : "; ";
            String known = unit + joined + standing;
            return known.isEmpty() ? means : means + " [" + known + "]";
        }
    }

    public static List<Row> rows() {
        try {
            String page = Files.readString(PAGE);
            int from = page.indexOf(HEAD) + HEAD.length();
            return page.substring(from, page.indexOf("\n\n", from))
                    .lines()
                    .map(PlantKeys::row)
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Row row(String line) {
        List<String> cells = Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
        return new Row(
                cells.get(1).replace("`", ""),
                cells.get(2),
                cells.get(3),
                cells.get(4),
                cells.get(5));
    }
}
