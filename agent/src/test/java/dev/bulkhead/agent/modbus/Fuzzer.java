package dev.bulkhead.agent.modbus;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Jazzer's way in: {@code make fuzz}. The corpus is a line of hexadecimal digits for each input, in
 * a file for each parser.
 */
public final class Fuzzer {
    private static final Fuzzed PARSER =
            Fuzzed.valueOf(System.getProperty("parser", "frames").toUpperCase(Locale.ROOT));

    private Fuzzer() {}

    /** Called by Jazzer, by this name. */
    public static void fuzzerTestOneInput(byte[] input) {
        PARSER.check(input);
    }

    static List<byte[]> corpus(Fuzzed parser) {
        String name = "fuzzed/" + parser.name().toLowerCase(Locale.ROOT) + ".txt";
        try (InputStream in =
                Objects.requireNonNull(Fuzzer.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .map(HexFormat.of()::parseHex)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts a corpus into a folder, where Jazzer wants it. */
    private static void unpack(String parser, Path folder) throws IOException {
        Files.createDirectories(folder);
        List<byte[]> inputs = corpus(Fuzzed.valueOf(parser.toUpperCase(Locale.ROOT)));
        for (int i = 0; i < inputs.size(); i++) {
            Files.write(folder.resolve("corpus-" + i), inputs.get(i));
        }
    }

    static void main(String... words) throws IOException {
        unpack(words[0], Path.of(words[1]));
    }
}
