package dev.bulkhead.simulator;

import dev.bulkhead.agent.Usage;
import dev.bulkhead.agent.peer.Reasons;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/** {@code bulkhead-sim}: the simulated facility, on its own or judged against the agent. */
@Command(
        name = "bulkhead-sim",
        description = "A facility that behaves, and devices that speak real Modbus for it.",
        subcommands = {
            DemoCommand.class,
            RunCommand.class,
            SchemaCommand.class,
            ScoreCommand.class,
            CampaignCommand.class,
            CheckCommand.class,
            ServeCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        scope = CommandLine.ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:done",
            " 1:the result is bad, or it broke",
            "64:wrong usage",
            "78:mistakes in files; each was named"
        },
        exitCodeOnInvalidInput = Main.USAGE,
        exitCodeOnExecutionException = Main.BAD)
public final class Main {
    static final int DONE = 0;
    static final int BAD = 1;

    /** EX_USAGE and EX_CONFIG of sysexits.h. */
    static final int USAGE = 64;

    static final int CONFIGURATION = 78;

    private Main() {}

    static void main(String... arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setParameterExceptionHandler((wrong, _) -> Usage.explain(wrong))
                .setExecutionExceptionHandler(Main::report);
    }

    /** A file or port that can't be had needs a sentence; a bug needs its trace. */
    private static int report(Exception broken, CommandLine command, ParseResult given)
            throws Exception {
        if (!(broken instanceof IOException)) {
            throw broken;
        }
        command.getErr().println("bulkhead-sim: " + Reasons.of(broken));
        return BAD;
    }

    /** What picocli has filled in before a command is called. */
    static <T> T given(@Nullable T value) {
        return Optional.ofNullable(value).orElseThrow();
    }

    /** An argument of a command that a person copies to a shell. */
    static String quoted(String text) {
        return text.matches("[\\w./+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    /** The constant of an enumeration that a person names. */
    static <E> E named(E[] constants, String text, Function<E, String> name) {
        return Arrays.stream(constants)
                .filter(constant -> name.apply(constant).equals(text))
                .findFirst()
                .orElseThrow(
                        () ->
                                new TypeConversionException(
                                        "'"
                                                + text
                                                + "' is none of "
                                                + String.join(
                                                        ", ",
                                                        Arrays.stream(constants)
                                                                .map(name)
                                                                .toList())));
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String built = Main.class.getPackage().getImplementationVersion();
            return new String[] {"bulkhead-sim " + (built == null ? "(not packaged)" : built)};
        }
    }
}
