package dev.bulkhead.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.bulkhead.agent.AgentSettings.Polls;
import dev.bulkhead.agent.json.RulesJson;
import dev.bulkhead.agent.modbus.Line;
import dev.bulkhead.agent.modbus.SunSpecWalk;
import dev.bulkhead.rules.profile.Chain;
import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.Profile.Block;
import dev.bulkhead.rules.profile.Profile.Rate;
import dev.bulkhead.rules.profile.Profile.Table;
import dev.bulkhead.rules.profile.Profile.Verified;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.Gateway;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.Site;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bulkhead modbus plan}: what is asked of devices. */
@Command(
        name = "plan",
        description = {
            "Prints from the files alone which requests go to each device, what each costs and"
                    + " how busy each link is.",
            "Exit 1 if a link can't keep its intervals."
        },
        mixinStandardHelpOptions = true)
final class ModbusPlanCommand implements Callable<Integer> {
    /** One request; times in milliseconds. */
    record Request(
            Table table,
            int address,
            int count,
            Rate rate,
            int bytesOut,
            int bytesBack,
            double millis) {}

    /**
     * What one device is asked.
     *
     * @param heldAgainst what its register map was held against; empty if its file doesn't say
     */
    record Asked(DeviceId device, ProfileId profile, String heldAgainst, List<Request> requests) {}

    /**
     * What one link carries; busy is the part of the time that something is under way.
     *
     * @param connectionsPerSecond 0 of a link that stays connected
     * @param connectMillis until the first request can be sent
     */
    record Link(
            GatewayId gateway,
            List<Asked> devices,
            double connectionsPerSecond,
            double connectMillis,
            double requestsPerSecond,
            double busyPercent,
            boolean keepsItsIntervals) {}

    record Answer(String site, double fastSeconds, double slowSeconds, List<Link> links) {}

    private final Terminal terminal;

    @Parameters(paramLabel = "SITE", description = "A site.yaml or an agent.yaml.")
    @SuppressWarnings("FieldCanBeFinal") // The command line sets it.
    private Path file = Path.of("site.yaml");

    @Option(
            names = "--answers-in",
            paramLabel = "MILLIS",
            defaultValue = "50",
            description =
                    "How long devices take to answer, also to a connection (default:"
                            + " ${DEFAULT-VALUE}).")
    private int answersIn;

    @Option(names = "--json", description = "One line of JSON.")
    private boolean isJson;

    ModbusPlanCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (answersIn < 0) {
            throw new WrongUsage("--answers-in is " + answersIn + "; expected at least 0.");
        }
        return answer(file, Duration.ofMillis(answersIn))
                .map(answer -> tell(answer, isJson))
                .orElse(Terminal.CONFIGURATION);
    }

    private Optional<Answer> answer(Path file, Duration answersIn) {
        if (AgentFile.isOne(file)) {
            return terminal.valueOf(AgentFile.load(file))
                    .map(agent -> answer(agent.facility(), agent.settings().polls(), answersIn));
        }
        return terminal.valueOf(Facility.load(file))
                .map(facility -> answer(facility, AgentFile.POLLS, answersIn));
    }

    private static Answer answer(Facility facility, Polls polls, Duration answersIn) {
        return new Answer(
                facility.site().name(),
                seconds(polls.fast()),
                seconds(polls.slow()),
                facility.site().gateways().values().stream()
                        .map(gateway -> link(facility, gateway, polls, answersIn))
                        .toList());
    }

    private static Link link(Facility facility, Gateway gateway, Polls polls, Duration answersIn) {
        Line line = Line.to(gateway, answersIn);
        boolean isClosed = gateway.courtesy().closeAfterPoll();
        List<Asked> devices =
                facility.site().devices().values().stream()
                        .filter(device -> device.gateway().equals(gateway.id()))
                        .map(device -> asked(device, facility, line))
                        .toList();
        double connections = isClosed ? pollsPerSecond(requests(devices), polls) : 0;
        double connectMillis = Line.connecting(gateway, answersIn).toNanos() / 1e6;
        double perSecond = 0;
        double busy = connections * connectMillis / 1000;
        for (Asked asked : devices) {
            // What a device proved on one connection doesn't count on the next.
            double proofs = isClosed ? pollsPerSecond(asked.requests().stream(), polls) : 0;
            for (Request request : asked.requests()) {
                double turns = turnsPerSecond(request.rate(), proofs, polls);
                perSecond += turns;
                busy += turns * request.millis() / 1000;
            }
        }
        return new Link(
                gateway.id(),
                devices,
                rounded(connections),
                rounded(connectMillis),
                rounded(perSecond),
                rounded(100 * busy),
                busy <= 1);
    }

    /** A SunSpec device is taken to be as its register map has it, with nothing else in between. */
    private static Asked asked(Device device, Facility facility, Line line) {
        Profile layout =
                Chain.asWritten(
                        Site.known(facility.profiles(), device.profile()),
                        facility.signals().pointsOf(device.id()));
        return new Asked(
                device.id(),
                layout.id(),
                layout.source().verified().map(Verified::words).orElse(""),
                Stream.concat(SunSpecWalk.expected(layout).stream(), layout.blocks().stream())
                        .map(block -> request(block, line))
                        .toList());
    }

    private static Request request(Block block, Line line) {
        Line.Cost cost = line.cost(block);
        return new Request(
                block.table(),
                block.address(),
                block.count(),
                block.rate(),
                cost.bytesOut(),
                cost.bytesBack(),
                rounded(cost.time().toNanos() / 1e6));
    }

    private static Stream<Request> requests(List<Asked> devices) {
        return devices.stream().flatMap(device -> device.requests().stream());
    }

    private static double turnsPerSecond(Rate rate, double proofs, Polls polls) {
        return switch (rate) {
            case FAST -> 1 / seconds(polls.fast());
            case SLOW -> 1 / seconds(polls.slow());
            case ONCE -> proofs;
        };
    }

    /**
     * How often something of these is due; what is due fast and slow at once is asked in one go.
     */
    private static double pollsPerSecond(Stream<Request> requests, Polls polls) {
        Set<Rate> rates = requests.map(Request::rate).collect(Collectors.toSet());
        double fast = rates.contains(Rate.FAST) ? 1 / seconds(polls.fast()) : 0;
        double slow = rates.contains(Rate.SLOW) ? 1 / seconds(polls.slow()) : 0;
        return fast > 0 && slow > 0 ? fast + slow - bothPerSecond(polls) : fast + slow;
    }

    /** Both intervals begin at one instant, and meet again after their least common multiple. */
    private static double bothPerSecond(Polls polls) {
        BigInteger fast = BigInteger.valueOf(polls.fast().toMillis());
        BigInteger slow = BigInteger.valueOf(polls.slow().toMillis());
        return 1000 * fast.gcd(slow).doubleValue() / fast.multiply(slow).doubleValue();
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private static double rounded(double number) {
        return Math.round(number * 1000) / 1000.0;
    }

    private int tell(Answer answer, boolean isJson) {
        if (isJson) {
            terminal.say(json(answer));
        } else {
            terminal.say(
                    "site %s, fast every %s s, slow every %s s"
                            .formatted(answer.site(), answer.fastSeconds(), answer.slowSeconds()));
            answer.links().forEach(this::tell);
        }
        return answer.links().stream().allMatch(Link::keepsItsIntervals)
                ? Terminal.DONE
                : Terminal.BAD;
    }

    private void tell(Link link) {
        terminal.say("");
        terminal.say("gateway " + link.gateway());
        for (Asked device : link.devices()) {
            terminal.say("  %s (%s)".formatted(device.device(), mapOf(device)));
            device.requests().forEach(request -> terminal.say("    " + words(request)));
        }
        if (link.connectionsPerSecond() > 0) {
            terminal.say(
                    String.format(
                            Locale.ROOT,
                            "  connects %.1f times a second, %.1f ms each",
                            link.connectionsPerSecond(),
                            link.connectMillis()));
        }
        terminal.say(
                String.format(
                        Locale.ROOT,
                        "  %d requests, %.1f a second; busy for %.0f %% of the time",
                        requests(link.devices()).count(),
                        link.requestsPerSecond(),
                        link.busyPercent()));
        if (!link.keepsItsIntervals()) {
            terminal.say(
                    "  this is more than it can carry: poll more slowly, or spread its devices over"
                            + " more gateways");
        }
    }

    private static String mapOf(Asked device) {
        return device.heldAgainst().isEmpty()
                ? device.profile().toString()
                : "%s, held against %s".formatted(device.profile(), device.heldAgainst());
    }

    private static String words(Request request) {
        return String.format(
                Locale.ROOT,
                "%-4s  %-8s  at %5d, %4d  %3d B out, %3d B back, %6.1f ms",
                request.rate().name().toLowerCase(Locale.ROOT),
                request.table().name().toLowerCase(Locale.ROOT),
                request.address(),
                request.count(),
                request.bytesOut(),
                request.bytesBack(),
                request.millis());
    }

    private static String json(Answer answer) {
        try {
            return RulesJson.mapper(Answer.class).writeValueAsString(answer);
        } catch (JsonProcessingException bug) {
            throw new IllegalStateException(bug);
        }
    }
}
