package dev.bulkhead.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Prints what a kind of file may have, for editors. */
@Command(
        name = "schema",
        description = {
            "Prints the JSON Schema of a kind of file, for editors that complete and underline.",
            "What a schema can't say, 'check' finds."
        })
final class SchemaCommand implements Callable<Integer> {
    /** Kinds of file of which the agent's program has the schema. */
    private static final Set<String> OF_THE_AGENT =
            Set.of("site", "agent", "bridge", "profile", "pack");

    /** The files of the simulator that people write; the others are the agent's. */
    enum Kind {
        PLANT,
        SCENARIO;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        String file() {
            return word() + ".schema.json";
        }

        String text() {
            try (InputStream in =
                    Objects.requireNonNull(
                            SchemaCommand.class.getResourceAsStream("schemas/" + file()), file())) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    }

    @Spec private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "KIND", converter = KindName.class, description = "plant or scenario.")
    private @Nullable Kind kind;

    @Override
    public Integer call() {
        var out = Main.given(spec).commandLine().getOut();
        out.print(Main.given(kind).text());
        out.flush();
        return Main.DONE;
    }

    private static final class KindName implements ITypeConverter<Kind> {
        @Override
        public Kind convert(String text) {
            if (OF_THE_AGENT.contains(text)) {
                throw new TypeConversionException(
                        "'" + text + "' is a file of the agent's: 'bulkhead schema " + text + "'");
            }
            return Main.named(Kind.values(), text, Kind::word);
        }
    }
}
