package dev.bulkhead.simulator;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The sites and scenarios that came with the program. */
final class Library {
    /** A scenario lies in a folder of one of these names; other YAML files are something else. */
    static final List<String> FOLDERS = List.of("scenarios", "library");

    private Library() {}

    /** {@code sites/} beside the {@code lib/} this class was loaded from. */
    static Optional<Path> shipped() {
        try {
            Path jar =
                    Path.of(
                            Library.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI());
            return Optional.ofNullable(jar.getParent())
                    .map(lib -> lib.resolveSibling("sites"))
                    .filter(Files::isDirectory);
        } catch (URISyntaxException bug) {
            throw new IllegalStateException(bug);
        }
    }

    /** The scenarios in a folder and in all folders below it, by their names; or a file itself. */
    static List<Path> scenarios(Path place) throws IOException {
        if (!Files.isDirectory(place)) {
            return List.of(place);
        }
        try (Stream<Path> all = Files.walk(place, FileVisitOption.FOLLOW_LINKS)) {
            return all.filter(Library::isScenario).sorted().toList();
        }
    }

    private static boolean isScenario(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return file.toString().endsWith(".yaml")
                && folder != null
                && folder.getFileName() != null
                && FOLDERS.contains(folder.getFileName().toString())
                && Files.isRegularFile(file);
    }
}
