package dev.bulkhead.simulator;

import dev.bulkhead.rules.site.Document;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.simulator.device.RecordedGateway;
import dev.bulkhead.simulator.device.Recording;
import dev.bulkhead.simulator.device.Serving;
import dev.bulkhead.simulator.plant.Plant;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
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
            "until SIGTERM or Ctrl-C. Nothing happens to the facility but what clients do.",
            "Or serves devices as 'bulkhead modbus dump' recorded them, from when they are served"
                    + " on: to each request the answer that had come by then, and the last one"
                    + " from the end of the recording on. What was not recorded is refused."
        })
final class ServeCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "PLANT",
            description = "plant.yaml; its site.yaml lies beside it.")
    private @Nullable Path plantFile;

    @Option(
            names = "--recorded",
            paramLabel = "FILE",
            description =
                    "A device's recording, instead of PLANT. May be given again for other devices.")
    private List<Path> recorded = List.of();

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
        if ((plantFile == null) == recorded.isEmpty()) {
            throw new ParameterException(given.commandLine(), "Either PLANT or --recorded.");
        }
        return plantFile == null ? replay(given) : serve(given, plantFile);
    }

    private int serve(CommandSpec given, Path plant) throws IOException {
        Document.Parsed<Facility> facility = Facility.read(plant);
        if (facility.value().isEmpty()) {
            facility.lines().forEach(given.commandLine().getErr()::println);
            return Main.CONFIGURATION;
        }
        checkPorts(given, facility.orElseThrow().site().gateways().size());
        return serve(facility.orElseThrow(), given.commandLine().getOut());
    }

    private void checkPorts(CommandSpec given, int gateways) {
        int highest = 65536 - gateways;
        if (portBase < 0 || portBase > highest) {
            throw new ParameterException(
                    given.commandLine(),
                    "--port-base is " + portBase + "; expected 0 to " + highest);
        }
    }

    private int replay(CommandSpec given) throws IOException {
        var problems = new ArrayList<String>();
        SequencedMap<GatewayId, List<Recording>> recordings = new LinkedHashMap<>();
        for (Path file : recorded) {
            Document.Parsed<String> text = Facility.text(file);
            problems.addAll(text.lines());
            text.value()
                    .map(found -> Recording.parse(file.toString(), found))
                    .ifPresent(
                            parsed -> {
                                problems.addAll(parsed.lines());
                                parsed.value().ifPresent(one -> add(one, recordings));
                            });
        }
        if (!problems.isEmpty()) {
            problems.forEach(given.commandLine().getErr()::println);
            return Main.CONFIGURATION;
        }
        checkPorts(given, recordings.size());
        Instant start = clock.instant();
        SequencedMap<GatewayId, RecordedGateway> gateways = new LinkedHashMap<>();
        recordings.forEach((id, units) -> gateways.put(id, new RecordedGateway(id, units, start)));
        InstantSource time =
                () ->
                        start.plusNanos(
                                Math.round(
                                        Duration.between(start, clock.instant()).toNanos()
                                                * speed));
        try (var serving = Serving.start(gateways, new ReentrantLock(), time, portBase)) {
            tell(serving, given.commandLine().getOut());
            untilStopped(serving, new CompletableFuture<Void>()::join);
            return Main.DONE;
        }
    }

    private static void add(Recording one, Map<GatewayId, List<Recording>> recordings) {
        recordings.computeIfAbsent(one.gateway(), _ -> new ArrayList<>()).add(one);
    }

    private int serve(Facility facility, PrintWriter out) throws IOException {
        var plant = new Plant(facility.site(), facility.settings(), seed, clock.instant());
        try (var running = new RunningPlant(plant, speed);
                var serving =
                        Serving.start(
                                facility.gateways(plant), running.lock(), running::now, portBase)) {
            tell(serving, out);
            running.start();
            untilStopped(serving, running::awaitEnd);
            return Main.DONE;
        }
    }

    private void tell(Serving serving, PrintWriter out) throws IOException {
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
    }

    private static void untilStopped(Serving serving, Runnable end) {
        var hook = new Thread(() -> stop(serving), "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            end.run();
        } finally {
            Runtime.getRuntime().removeShutdownHook(hook);
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
