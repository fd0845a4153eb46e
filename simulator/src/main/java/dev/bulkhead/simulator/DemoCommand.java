package dev.bulkhead.simulator;

import dev.bulkhead.simulator.score.Conduct;
import dev.bulkhead.simulator.score.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** From fire to proof, on embedded defaults. */
@Command(
        name = "demo",
        description = {
            "One cell of one rack in one battery room of a facility of 32,000 servers shorts.",
            "Plays what follows if nobody switches, if everything is switched off when water is",
            "needed, and with the agent on real sockets; writes report.json and report.html.",
            "Exit code 1 if the room is not proven isolated or a server elsewhere lost supply."
        })
final class DemoCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Mixin private final RunCommand.Options options = new RunCommand.Options();

    @Option(
            names = "--report",
            paramLabel = "DIR",
            defaultValue = "bulkhead-demo",
            description = "Where the report goes. Default: ${DEFAULT-VALUE}.")
    private @Nullable Path folder;

    @Option(
            names = "--scenario",
            paramLabel = "FILE",
            description = "Another scenario than that of the program.")
    private @Nullable Path scenario;

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommandSpec given = Main.given(spec);
        Path file =
                Optional.ofNullable(scenario)
                        .or(
                                () ->
                                        Library.shipped()
                                                .map(
                                                        sites ->
                                                                sites.resolve(
                                                                        "pangyo-rebuilt/scenarios/cell-short.yaml"))
                                                .filter(Files::isRegularFile))
                        .orElseThrow(
                                () ->
                                        new ParameterException(
                                                given.commandLine(),
                                                "the program's own scenario isn't beside it; name one"
                                                        + " with --scenario"));
        return RunCommand.play(
                given,
                file,
                Main.given(folder),
                options,
                List.of(Policy.NONE, Policy.FACILITY_CUT, Policy.BULKHEAD),
                Conduct.Mode.LAB);
    }
}
