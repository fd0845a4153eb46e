package dev.bulkhead.agent;

import dev.bulkhead.agent.DeviceOptions.Target;
import dev.bulkhead.agent.modbus.Answer;
import dev.bulkhead.agent.modbus.Examination;
import dev.bulkhead.agent.modbus.Image;
import dev.bulkhead.agent.modbus.LinkTimings;
import dev.bulkhead.agent.modbus.SunSpecWalk;
import dev.bulkhead.agent.modbus.Visit;
import dev.bulkhead.rules.profile.Chain;
import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.Profile.Block;
import dev.bulkhead.rules.profile.Profile.Rate;
import dev.bulkhead.rules.profile.Profile.Table;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.Gateway;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code bulkhead modbus}, for whoever sets devices up. What is here reads only; a device that lets
 * in one connection at a time has to be left alone by the agent meanwhile.
 */
@Command(
        name = "modbus",
        description = "Says what is asked of devices, and asks them.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class ModbusCommand {
    private static final String SITE = "A site.yaml or an agent.yaml.";

    private final Terminal terminal;

    ModbusCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(
            name = "doctor",
            description = {
                "Reads all that a device's register map asks for, dividing what is refused as the"
                        + " agent does, and says what doesn't fit: who it is, what it refuses, what"
                        + " can't be a measurement, and which order or scale would make one of it;"
                        + " of a SunSpec device first which models it has, and where. What the"
                        + " device itself says it has no value for is neither right nor wrong.",
                "Exit 1 if anything doesn't fit."
            },
            mixinStandardHelpOptions = true)
    int doctor(
            @Parameters(paramLabel = "SITE", description = SITE) Path file,
            @Option(
                            names = "--device",
                            required = true,
                            paramLabel = "D",
                            description = "A device of the site.")
                    String name)
            throws InterruptedException {
        Optional<Documented> site = Documented.read(file, terminal);
        return site.isPresent() ? doctor(site.get(), name) : Terminal.CONFIGURATION;
    }

    private int doctor(Documented plan, String name) throws InterruptedException {
        Device device = plan.device(name);
        Profile profile = plan.profileOf(device);
        Gateway gateway = plan.gateway(device.gateway().value());
        terminal.say(
                "%s (%s): unit %d of %s, %s"
                        .formatted(
                                device.id(),
                                profile.title(),
                                device.unit(),
                                gateway.id(),
                                gateway.link().place()));
        terminal.say(
                "register map %s, from %s; %s"
                        .formatted(
                                profile.id(),
                                profile.source().text(),
                                profile.source()
                                        .verified()
                                        .map(verified -> "held against " + verified.words())
                                        .orElse("what it was held against isn't said")));
        List<Examination.Finding> findings = new ArrayList<>();
        try (Visit visit = visit(gateway, Set.of(device.unit()), plan.timings())) {
            Optional<Profile> layout = layout(visit, plan, device, findings);
            if (layout.isPresent()) {
                findings.addAll(examine(visit, plan, device, layout.get()));
            }
        }
        findings.forEach(
                finding ->
                        terminal.say(
                                switch (finding.fit()) {
                                            case RIGHT -> "right  ";
                                            case NONE -> "none   ";
                                            case WRONG -> "WRONG  ";
                                        }
                                        + finding.words()));
        long wrong = findings.stream().filter(Examination.Finding::isWrong).count();
        terminal.say(
                wrong == 0
                        ? "It fits its register map."
                        : wrong == 1 ? "One thing doesn't fit." : wrong + " things don't fit.");
        return wrong == 0 ? Terminal.DONE : Terminal.BAD;
    }

    /** The register map as the device has it; of a SunSpec device, where it has its models. */
    private static Optional<Profile> layout(
            Visit visit, Documented plan, Device device, List<Examination.Finding> findings)
            throws InterruptedException {
        Profile profile = plan.profileOf(device);
        if (profile.models().isEmpty()) {
            return Optional.of(profile);
        }
        return switch (visit.walk(device.unit(), _ -> {})) {
            case SunSpecWalk.Walked(Chain chain) -> {
                chain.headers()
                        .forEach(
                                header ->
                                        findings.add(
                                                Examination.Finding.right("it has " + header)));
                Set<String> wanted = plan.facility().signals().pointsOf(device.id());
                yield switch (chain.fit(profile, wanted)) {
                    case Chain.Fit.Fits(Profile layout, List<String> ignored) -> {
                        ignored.forEach(words -> findings.add(Examination.Finding.right(words)));
                        yield Optional.of(layout);
                    }
                    case Chain.Fit.Misfit(String reason) -> {
                        findings.add(Examination.Finding.wrong(reason));
                        yield Optional.empty();
                    }
                };
            }
            case SunSpecWalk.Lost(String reason) -> {
                findings.add(Examination.Finding.wrong(reason));
                yield Optional.empty();
            }
            case SunSpecWalk.Asking _ -> throw new IllegalStateException("the walk has an end");
        };
    }

    private static List<Examination.Finding> examine(
            Visit visit, Documented plan, Device device, Profile profile)
            throws InterruptedException {
        return Examination.of(
                device, profile, plan.facility().signals(), visit.readAll(profile, device.unit()));
    }

    private static Visit visit(Gateway gateway, Set<Integer> units, LinkTimings timings) {
        return Visit.to(gateway, units, timings, AgentTime.system());
    }

    @Command(
            name = "read",
            description = {
                "Reads some registers or bits of a device and prints them as they are.",
                "The device is one of a site's, or a unit of a host that speaks Modbus TCP."
            },
            mixinStandardHelpOptions = true)
    int read(
            @Mixin DeviceOptions options,
            @Option(
                            names = "--table",
                            paramLabel = "TABLE",
                            defaultValue = "holding",
                            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
                    Table table,
            @Option(
                            names = "--at",
                            required = true,
                            paramLabel = "N",
                            description = "The first address as it is on the wire, from 0.")
                    int address,
            @Option(
                            names = "--count",
                            paramLabel = "N",
                            defaultValue = "1",
                            description = "How many (default: ${DEFAULT-VALUE}).")
                    int count)
            throws InterruptedException {
        boolean isOfBits = table == Table.COIL || table == Table.DISCRETE;
        WrongUsage.unless("--count", count, 1, isOfBits ? 2000 : 125);
        WrongUsage.unless("--at", address, 0, 65_536 - count);
        var block = new Block(table, address, count, Rate.ONCE);
        Optional<Target> target = options.target(terminal);
        return target.isPresent() ? read(target.get(), block) : Terminal.CONFIGURATION;
    }

    private int read(Target target, Block block) throws InterruptedException {
        try (Visit visit = visit(target.gateway(), Set.of(target.unit()), target.timings())) {
            return switch (visit.read(block, target.unit())) {
                case Answer.Values(var _, var _, Image image) -> {
                    print(block, image);
                    yield Terminal.DONE;
                }
                case Answer.Refused(var _, int _, String reason) ->
                        bad(reason + inNumbersOfAManual(block.address()));
                case Answer.Lost(var _, String reason) -> bad(reason);
                case Answer.NotSent(var _, String reason) ->
                        bad(noConnection(target.gateway(), reason));
                case Answer.Written _ -> throw new IllegalStateException("nothing was written");
            };
        }
    }

    /** Many manuals count from 1 and write the table in front: 40001 is the first holding one. */
    private static String inNumbersOfAManual(int address) {
        int table = address / 10_000;
        int number = address % 10_000;
        return (table == 3 || table == 4) && number > 0
                ? "; where a manual says %d, it may mean --table %s --at %d"
                        .formatted(address, table == 3 ? "input" : "holding", number - 1)
                : "";
    }

    private static String noConnection(Gateway gateway, String reason) {
        return "no connection to " + gateway.link().place() + ": " + reason;
    }

    private int bad(String reason) {
        terminal.complain(reason);
        return Terminal.BAD;
    }

    private void print(Block block, Image image) {
        boolean isOfBits = block.table() == Table.COIL || block.table() == Table.DISCRETE;
        for (int i = 0; i < image.size(); i++) {
            int value = image.at(i);
            terminal.say(
                    isOfBits
                            ? "%5d  %d".formatted(block.address() + i, value)
                            : String.format(
                                    Locale.ROOT,
                                    "%5d  0x%04X  %5d  %6d",
                                    block.address() + i,
                                    value,
                                    value,
                                    (short) value));
        }
    }

    @Command(
            name = "scan",
            description = {
                "Asks the units of a gateway one by one for one register, and lists those that"
                        + " answer, with a value or a refusal.",
                "Exit 1 if none does."
            },
            mixinStandardHelpOptions = true)
    int scan(
            @Mixin PlaceOptions place,
            @Option(names = "--gateway", paramLabel = "G", description = "A gateway of the site.")
                    Optional<String> name,
            @Option(
                            names = "--from",
                            paramLabel = "U",
                            defaultValue = "1",
                            description = "The first unit (default: ${DEFAULT-VALUE}).")
                    int first,
            @Option(
                            names = "--to",
                            paramLabel = "U",
                            defaultValue = "247",
                            description = "The last unit (default: ${DEFAULT-VALUE}).")
                    int last,
            @Option(
                            names = "--at",
                            paramLabel = "N",
                            defaultValue = "0",
                            description = "A holding register (default: ${DEFAULT-VALUE}).")
                    int address)
            throws InterruptedException {
        WrongUsage.unless("--from", first, 1, 255);
        WrongUsage.unless("--to", last, first, 255);
        WrongUsage.unless("--at", address, 0, 65_535);
        var block = new Block(Table.HOLDING, address, 1, Rate.ONCE);
        Optional<Gateway> host = place.host("--gateway", name.isPresent());
        if (host.isPresent()) {
            return scan(host.get(), Documented.TIMINGS, first, last, block);
        }
        Optional<Documented> site = place.site(terminal);
        return site.isPresent()
                ? scan(
                        site.get().gateway(name.orElseThrow()),
                        site.get().timings(),
                        first,
                        last,
                        block)
                : Terminal.CONFIGURATION;
    }

    private int scan(Gateway gateway, LinkTimings timings, int first, int last, Block block)
            throws InterruptedException {
        Set<Integer> units = IntStream.rangeClosed(first, last).boxed().collect(Collectors.toSet());
        int found = 0;
        try (Visit visit = visit(gateway, units, timings)) {
            for (int unit = first; unit <= last; unit++) {
                Answer answer = visit.read(block, unit);
                if (answer instanceof Answer.NotSent(var _, String reason)) {
                    return bad(noConnection(gateway, reason));
                }
                Optional<String> words = words(answer);
                if (words.isPresent()) {
                    found++;
                    terminal.say("unit %3d  %s".formatted(unit, words.get()));
                }
            }
        }
        terminal.say(
                "%d of %d units answer at %s"
                        .formatted(found, last - first + 1, gateway.link().place()));
        return found > 0 ? Terminal.DONE : Terminal.BAD;
    }

    /** A gateway that can't reach the unit answers in its place, with 10 or 11. */
    private static Optional<String> words(Answer answer) {
        return switch (answer) {
            case Answer.Values(var _, var _, Image image) ->
                    Optional.of("value %d".formatted(image.at(0)));
            case Answer.Refused(var _, int code, String reason) ->
                    code == 10 || code == 11 ? Optional.empty() : Optional.of(reason);
            case Answer.Lost _, Answer.NotSent _, Answer.Written _ -> Optional.empty();
        };
    }
}
