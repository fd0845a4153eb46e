package dev.bulkhead.agent;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code bulkhead}. */
@Command(
        name = "bulkhead",
        description =
                "Isolates one failing battery room, so that nobody needs to cut the facility.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:done",
            " 1:the command ran, and what it found is bad",
            "64:the command line is wrong",
            "70:a bug",
            "78:a file is wrong; every mistake was listed"
        })
public final class Main {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);

    private final Terminal terminal;

    private Main(Terminal terminal) {
        this.terminal = terminal;
    }

    static void main(String[] arguments) {
        var out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int code = run(arguments, new Terminal(out, err, person()));
        LastWords.out();
        System.exit(code);
    }

    private static Optional<BufferedReader> person() {
        return Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .map(console -> new BufferedReader(console.reader()));
    }

    /**
     * Runs one command line in this process, without anybody who could be asked; returns its exit
     * code.
     */
    public static int run(String[] arguments, PrintWriter out, PrintWriter err) {
        return run(arguments, new Terminal(out, err, Optional.empty()));
    }

    static int run(String[] arguments, Terminal terminal) {
        var line =
                new CommandLine(new Main(terminal))
                        .addSubcommand(new JournalCommand(terminal))
                        .addSubcommand(new RoomsCommand(terminal))
                        .addSubcommand(new AlarmsCommand(terminal))
                        .addSubcommand(new PlansCommand(terminal))
                        .addSubcommand(new SignalsCommand(terminal))
                        .addSubcommand(new LedgerCommand(terminal))
                        .addSubcommand(
                                new CommandLine(new ModbusCommand(terminal))
                                        .addSubcommand(new ModbusPlanCommand(terminal))
                                        .addSubcommand(new ModbusWriteCommand(terminal))
                                        .addSubcommand(new ModbusDumpCommand(terminal)))
                        .setOut(terminal.out())
                        .setErr(terminal.err())
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .setParameterExceptionHandler((wrong, _) -> Usage.explain(wrong))
                        .setExecutionExceptionHandler(
                                (thrown, command, _) -> explain(thrown, command));
        int code = line.execute(arguments);
        terminal.out().flush();
        terminal.err().flush();
        return code;
    }

    @Command(
            name = "check",
            description =
                    "Reads a site.yaml, an agent.yaml and all it names, or a bridge.yaml, and lists every mistake.",
            mixinStandardHelpOptions = true)
    int check(
            @Parameters(
                            paramLabel = "SITE",
                            description = "A site.yaml, an agent.yaml or a bridge.yaml.")
                    Path file) {
        return new CheckCommand(terminal).check(file);
    }

    @Command(
            name = "run",
            description = "Watches a facility until it is told to stop.",
            mixinStandardHelpOptions = true)
    int run(
            @Option(
                            names = "--config",
                            required = true,
                            paramLabel = "FILE",
                            description = "The agent.yaml.")
                    Path config) {
        return terminal.valueOf(AgentFile.load(config))
                .map(configuration -> Daemon.run(configuration))
                .orElse(Terminal.CONFIGURATION);
    }

    @Command(
            name = "bridge",
            description = {
                "Carries samples from the broker to the store until it is told to stop.",
                "Several may share the work: give them one 'share' and a clientId each."
            },
            mixinStandardHelpOptions = true)
    int bridge(
            @Option(
                            names = "--config",
                            required = true,
                            paramLabel = "FILE",
                            description = "The bridge.yaml.")
                    Path config) {
        return terminal.valueOf(BridgeFile.load(config))
                .map(BridgeDaemon::run)
                .orElse(Terminal.CONFIGURATION);
    }

    @Command(
            name = "plan",
            description = {
                "Says from the site's file alone how a room would be isolated, rung by rung, what it"
                        + " would cost and what is missing.",
                "Exit 1 if its batteries can't be isolated from afar and be proven dead."
            },
            mixinStandardHelpOptions = true)
    int plan(
            @Parameters(paramLabel = "SITE", description = "A site.yaml or an agent.yaml.")
                    Path file,
            @Option(
                            names = "--room",
                            required = true,
                            paramLabel = "R",
                            description = "A battery room.")
                    String room,
            @Option(names = "--json", description = "One line of JSON.") boolean isJson) {
        return new PlanCommand(terminal).plan(file, room, isJson);
    }

    /** The files people write. */
    enum Schema {
        SITE,
        AGENT,
        BRIDGE,
        PROFILE,
        PACK;

        String text() {
            String name = "schemas/" + name().toLowerCase(Locale.ROOT) + ".schema.json";
            try (InputStream in = Main.class.getResourceAsStream(name)) {
                return new String(
                        Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    @Command(
            name = "schema",
            description = {
                "Prints the JSON Schema of a kind of file, for editors that complete and underline.",
                "What a schema can't say, 'bulkhead check' finds."
            },
            mixinStandardHelpOptions = true)
    int schema(
            @Parameters(paramLabel = "KIND", description = "One of ${COMPLETION-CANDIDATES}.")
                    Schema kind) {
        terminal.say(kind.text().stripTrailing());
        return Terminal.DONE;
    }

    private static int explain(Exception thrown, CommandLine command) {
        PrintWriter err = command.getErr();
        if (thrown instanceof WrongUsage) {
            err.println(thrown.getMessage());
            Usage.say(command);
            return Terminal.USAGE;
        }
        return confess(thrown, err);
    }

    private static int confess(Exception bug, PrintWriter err) {
        LOG.debug("a command ended by a bug", bug);
        StackTraceElement[] trace = bug.getStackTrace();
        err.println("bulkhead: a bug: " + bug + (trace.length > 0 ? " at " + trace[0] : ""));
        return Terminal.BUG;
    }

    /** The version the build gave, and the Java it runs on. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"bulkhead " + version() + " (Java " + Runtime.version() + ")"};
        }

        static String version() {
            try (InputStream stream = Main.class.getResourceAsStream("version.txt")) {
                if (stream == null) {
                    throw new IllegalStateException("the program lacks its own version.txt");
                }
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8).strip();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }
}
