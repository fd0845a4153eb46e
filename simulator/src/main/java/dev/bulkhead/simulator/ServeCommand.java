package dev.bulkhead.simulator;

import dev.bulkhead.agent.peer.Identity;
import dev.bulkhead.agent.peer.Trust;
import dev.bulkhead.rules.site.Document;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.simulator.device.RecordedGateway;
import dev.bulkhead.simulator.device.Recording;
import dev.bulkhead.simulator.device.Serving;
import dev.bulkhead.simulator.device.SimulatedGateway;
import dev.bulkhead.simulator.device.Way;
import dev.bulkhead.simulator.lab.Stage;
import dev.bulkhead.simulator.plant.Plant;
import dev.bulkhead.simulator.scenario.Player;
import dev.bulkhead.simulator.scenario.Scenario;
import dev.bulkhead.simulator.score.Policy;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedCollection;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
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
            "until SIGTERM or Ctrl-C. Nothing happens to the facility but what clients do,",
            "and what a scenario has in store for it and its devices.",
            "Over Modbus TCP, unless --link says otherwise of a gateway.",
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
            names = "--scenario",
            paramLabel = "FILE",
            description =
                    "A scenario, instead of PLANT, which it names. It begins at once; what it"
                            + " expects and who should act is passed over.")
    private @Nullable Path scenarioFile;

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
            names = "--host-base",
            paramLabel = "ADDRESS",
            description =
                    "The first gateway's address, as in 127.0.1.1, the next ones' follow; all on"
                            + " the port of --port-base. Default: all on 127.0.0.1.")
    private @Nullable String hostBase;

    @Option(
            names = "--link",
            paramLabel = "GATEWAY=LINK",
            description =
                    "How a gateway is served: tcp, tls, rtu-tcp, or rtu:DEVICE on a serial line or"
                            + " pseudo-terminal that is set already. May be given again.")
    private List<String> links = List.of();

    @Option(
            names = "--certificate",
            paramLabel = "FILE",
            description = "The server's, in PEM; for tls.")
    private @Nullable Path certificate;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "Its key, in PEM as PKCS #8 and not encrypted; for tls.")
    private @Nullable Path key;

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description =
                    "Who may vouch for a client, in PEM; for tls. Default: no client is asked.")
    private @Nullable Path trust;

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
        if (Stream.of(certificate, key, trust).anyMatch(Objects::nonNull)
                && links.stream().noneMatch(link -> link.endsWith("=tls"))) {
            throw new ParameterException(
                    given.commandLine(),
                    "--certificate, --key and --trust are for tls, which no --link asks for");
        }
        long sources =
                Stream.of(plantFile != null, scenarioFile != null, !recorded.isEmpty())
                        .filter(isGiven -> isGiven)
                        .count();
        if (sources != 1) {
            throw new ParameterException(
                    given.commandLine(), "One of PLANT, --scenario and --recorded.");
        }
        if (plantFile != null) {
            Document.Parsed<Facility> facility = Facility.read(plantFile);
            return facility.value().isEmpty()
                    ? refused(given, facility.lines())
                    : serve(facility.orElseThrow(), Optional.empty(), given);
        }
        if (scenarioFile != null) {
            Document.Parsed<Stage> stage = Stage.read(scenarioFile);
            return stage.value().isEmpty()
                    ? refused(given, stage.lines())
                    : serve(stage.orElseThrow().facility(), stage.value(), given);
        }
        return replay(given);
    }

    private static int refused(CommandSpec given, List<String> problems) {
        problems.forEach(given.commandLine().getErr()::println);
        return Main.CONFIGURATION;
    }

    private SequencedMap<GatewayId, Way> ways(
            CommandSpec given, SequencedCollection<GatewayId> gateways) throws IOException {
        try {
            return new ServedWays(portBase, Optional.ofNullable(hostBase), links, tls())
                    .of(gateways);
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(
                    given.commandLine(), String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private Optional<ServedWays.Tls> tls() {
        return certificate == null || key == null
                ? Optional.empty()
                : Optional.of(
                        new ServedWays.Tls(
                                new Identity(certificate, key),
                                Optional.ofNullable(trust).map(Trust::new)));
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
                                parsed.value()
                                        .flatMap(one -> add(one, file, recordings))
                                        .ifPresent(problems::add);
                            });
        }
        if (!problems.isEmpty()) {
            return refused(given, problems);
        }
        SequencedMap<GatewayId, Way> ways = ways(given, recordings.sequencedKeySet());
        Instant start = clock.instant();
        SequencedMap<GatewayId, RecordedGateway> gateways = new LinkedHashMap<>();
        recordings.forEach((id, units) -> gateways.put(id, new RecordedGateway(id, units, start)));
        InstantSource time =
                () ->
                        start.plusNanos(
                                Math.round(
                                        Duration.between(start, clock.instant()).toNanos()
                                                * speed));
        try (var serving = Serving.start(gateways, new ReentrantLock(), time, ways)) {
            tell(serving, ways, given);
            untilStopped(serving, new CompletableFuture<Void>()::join);
            return Main.DONE;
        }
    }

    /** Adds a recording; what is wrong if there is one of that unit already. */
    private static Optional<String> add(
            Recording one, Path file, Map<GatewayId, List<Recording>> recordings) {
        List<Recording> units = recordings.computeIfAbsent(one.gateway(), _ -> new ArrayList<>());
        boolean isTwice = units.stream().anyMatch(other -> other.unit() == one.unit());
        units.add(one);
        return isTwice
                ? Optional.of(
                        "%s:1:1: unit %d of gateway %s is in another of these recordings already"
                                .formatted(file, one.unit(), one.gateway()))
                : Optional.empty();
    }

    private int serve(Facility facility, Optional<Stage> stage, CommandSpec given)
            throws IOException {
        SequencedMap<GatewayId, Way> ways =
                ways(given, facility.site().gateways().sequencedKeySet());
        Optional<Scenario> scenario = stage.map(Stage::scenario);
        Instant start = scenario.map(Scenario::start).orElseGet(clock::instant);
        var plant = new Plant(facility.site(), facility.settings(), seed, start);
        SequencedMap<GatewayId, SimulatedGateway> gateways =
                stage.map(it -> it.gateways(plant)).orElseGet(() -> facility.gateways(plant));
        var log = new FaultLog(given.commandLine().getErr(), clock);
        Optional<Player> player =
                scenario.map(played -> new Player(played, plant, gateways, Policy.NONE, log));
        try (var running = new RunningPlant(plant, player, speed);
                var serving = Serving.start(gateways, running.lock(), running::now, ways)) {
            tell(serving, ways, given);
            running.start();
            untilStopped(serving, running::awaitEnd);
            return Main.DONE;
        }
    }

    /** In the order of the site: where each listens, or the device it is on; how, if not by TCP. */
    private void tell(Serving serving, SequencedMap<GatewayId, Way> ways, CommandSpec given)
            throws IOException {
        PrintWriter out = given.commandLine().getOut();
        if (endpoints != null) {
            write(serving, endpoints, given);
        }
        SequencedMap<GatewayId, InetSocketAddress> addresses = serving.addresses();
        ways.forEach((gateway, way) -> out.println(gateway + " " + place(gateway, way, addresses)));
        out.flush();
        if (endpoints == null && portBase == 0 && links.isEmpty()) {
            given.commandLine()
                    .getErr()
                    .println(
                            "These ports were free; the site names others. --port-base N begins"
                                    + " with its first, --endpoints FILE is for an agent.yaml.");
        }
    }

    private static void write(Serving serving, Path file, CommandSpec given) {
        try {
            serving.writeEndpoints(file);
        } catch (IOException refused) {
            throw new ParameterException(
                    given.commandLine(),
                    "--endpoints %s can't be written: %s"
                            .formatted(file, ReportFolder.reason(refused)),
                    refused);
        }
    }

    private static String place(
            GatewayId gateway, Way way, SequencedMap<GatewayId, InetSocketAddress> addresses) {
        return switch (way) {
            case Way.Rtu(Path device) -> device.toString();
            case Way.Networked _ -> {
                InetSocketAddress address = Site.known(addresses, gateway);
                yield address.getAddress().getHostAddress()
                        + ":"
                        + address.getPort()
                        + (way instanceof Way.Tcp ? "" : " " + way.link());
            }
        };
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
