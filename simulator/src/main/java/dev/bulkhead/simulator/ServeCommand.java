package dev.bulkhead.simulator;

import dev.bulkhead.rules.site.Document;
import dev.bulkhead.simulator.device.Serving;
import dev.bulkhead.simulator.plant.Plant;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lets any Modbus client at a facility, until told to stop. */
@Command(
        name = "serve",
        description = {
            "Serves every gateway of a facility on loopback, each on a port of its own,",
            "until SIGTERM or Ctrl-C. Nothing happens to the facility but what clients do."
        })
final class ServeCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "PLANT", description = "plant.yaml; its site.yaml lies beside it.")
    private @Nullable Path plantFile;

    @Option(
            names = "--endpoints",
            paramLabel = "FILE",
            description = "Writes where each gateway listens to this file, as YAML.")
    private @Nullable Path endpoints;

    @Option(
            names = "--speed",
            paramLabel = "K",
            defaultValue = "1",
            description =
                    "How many times as fast as the clock the plant runs. Default: ${DEFAULT-VALUE}.")
    private double speed;

    @Option(
            names = "--port-base",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "The first gateway's port, the next ones' follow. Default: any free ports.")
    private int portBase;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Draws how cells and sensors differ. Default: ${DEFAULT-VALUE}.")
    private long seed;

    private final InstantSource clock = InstantSource.system();

    @Override
    public Integer call() throws IOException {
        CommandSpec given = Main.given(spec);
        if (!(speed > 0 && speed <= 1000)) {
            throw new ParameterException(
                    given.commandLine(),
                    "--speed is " + speed + "; expected above 0, at most 1000");
        }
        Document.Parsed<Facility> facility = Facility.read(Main.given(plantFile));
        if (facility.value().isEmpty()) {
            facility.lines().forEach(given.commandLine().getErr()::println);
            return Main.CONFIGURATION;
        }
        int highest = 65536 - facility.orElseThrow().site().gateways().size();
        if (portBase < 0 || portBase > highest) {
            throw new ParameterException(
                    given.commandLine(),
                    "--port-base is " + portBase + "; expected 0 to " + highest);
        }
        return serve(facility.orElseThrow(), given.commandLine().getOut());
    }

    private int serve(Facility facility, PrintWriter out) throws IOException {
        var plant = new Plant(facility.site(), facility.settings(), seed, clock.instant());
        try (var running = new RunningPlant(plant, speed);
                var serving =
                        Serving.start(
                                facility.gateways(plant), running.lock(), running::now, portBase)) {
            if (endpoints != null) {
                serving.writeEndpoints(endpoints);
            }
            serving.addresses()
                    .forEach(
                            (gateway, address) ->
                                    out.println(
                                            gateway
                                                    + " "
                                                    + address.getAddress().getHostAddress()
                                                    + ":"
                                                    + address.getPort()));
            out.flush();
            running.start();
            var hook = new Thread(() -> stop(serving), "stop");
            Runtime.getRuntime().addShutdownHook(hook);
            try {
                running.awaitEnd();
            } finally {
                Runtime.getRuntime().removeShutdownHook(hook);
            }
            return Main.DONE;
        }
    }

    /** A signal to stop is how this command is meant to end: exit code 0, not 143. */
    private static void stop(Serving serving) {
        try {
            serving.close();
        } catch (IOException _) {
            // The process ends, and its sockets with it.
        }
        Runtime.getRuntime().halt(Main.DONE);
    }
}
