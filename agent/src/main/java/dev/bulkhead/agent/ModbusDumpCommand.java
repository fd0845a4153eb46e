package dev.bulkhead.agent;

import dev.bulkhead.agent.DeviceOptions.Known;
import dev.bulkhead.agent.DeviceOptions.Target;
import dev.bulkhead.agent.modbus.Answer;
import dev.bulkhead.agent.modbus.Bytes;
import dev.bulkhead.agent.modbus.SunSpecWalk;
import dev.bulkhead.agent.modbus.Visit;
import dev.bulkhead.rules.profile.Chain;
import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.Profile.Block;
import dev.bulkhead.rules.profile.Profile.Rate;
import dev.bulkhead.rules.profile.Profile.Table;
import dev.bulkhead.rules.site.Link;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code bulkhead modbus dump}: what a device answers, byte for byte, in a file that people read
 * and {@code bulkhead-sim serve --recorded} answers from. A head of {@code key: value}, an empty
 * line, and a line for each exchange:
 *
 * <pre>
 * bulkhead-dump: 1
 * device: A1-S01-bms
 * link: tcp 10.0.0.7:502
 * unit: 1
 *
 * 2026-11-26T11:40:12.123456Z values 11.2 000100000006010300000002 00010000000701030412345678
 * 2026-11-26T11:40:12.134801Z refused 9.8 000200000006010300640001 000200000003018302 exception 2 …
 * 2026-11-26T11:40:12.144700Z lost 2000.0 000300000006010300c80001 - no answer within 2 s
 * </pre>
 *
 * <p>When the request was sent, what became of it, after how many milliseconds, the frames as they
 * stood on the wire in hexadecimal digits, and a reason. {@code unsent} has no frames: there was no
 * connection. {@code again} was asked for once more, since its answer could have been that of the
 * request before.
 */
@Command(
        name = "dump",
        description = {
            "Records what a device answers, byte for byte, in a file: all that its register map"
                    + " asks for, or --at. For bug reports, and for 'bulkhead-sim serve"
                    + " --recorded', which answers from it.",
            "The file says where the device stands in your network. Exit 1 if nothing was answered."
        },
        mixinStandardHelpOptions = true)
@SuppressWarnings("FieldCanBeFinal") // The command line sets them.
final class ModbusDumpCommand implements Callable<Integer> {
    private static final String NOTHING = "-";

    private final Terminal terminal;

    @Mixin private final DeviceOptions options = new DeviceOptions();

    @Option(
            names = "--table",
            paramLabel = "TABLE",
            defaultValue = "holding",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Table table = Table.HOLDING;

    @Option(
            names = "--at",
            paramLabel = "N",
            description =
                    "The first address as it is on the wire, from 0 (default: all blocks of the"
                            + " device's register map).")
    private Optional<Integer> address = Optional.empty();

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many (default: ${DEFAULT-VALUE}).")
    private int count;

    @Option(
            names = "--for",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "How long to go on (default: once).")
    private int seconds;

    @Option(
            names = "--every",
            paramLabel = "SECONDS",
            defaultValue = "2",
            description = "From one round to the next (default: ${DEFAULT-VALUE}).")
    private int interval;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "The file, which must not be there yet.")
    private Path file = Path.of("dump.txt");

    ModbusDumpCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        boolean isOfBits = table == Table.COIL || table == Table.DISCRETE;
        WrongUsage.unless("--count", count, 1, isOfBits ? 2000 : 125);
        WrongUsage.unless("--at", address.orElse(0), 0, 65_536 - count);
        WrongUsage.unless("--for", seconds, 0, 7 * 24 * 3600);
        WrongUsage.unless("--every", interval, 1, 24 * 3600);
        Optional<Target> target = options.target(terminal);
        return target.isPresent() ? dump(target.get()) : Terminal.CONFIGURATION;
    }

    private int dump(Target target) throws InterruptedException {
        List<Block> blocks = blocks(target);
        try (var out =
                        new PrintWriter(
                                Files.newBufferedWriter(
                                        file,
                                        StandardCharsets.UTF_8,
                                        StandardOpenOption.CREATE_NEW,
                                        StandardOpenOption.WRITE));
                Visit visit =
                        Visit.to(
                                target.gateway(),
                                Set.of(target.unit()),
                                target.timings(),
                                AgentTime.system())) {
            tellHead(target, out);
            int answered = record(visit, asFound(visit, target, blocks, out), target.unit(), out);
            if (out.checkError()) {
                return bad(file + " can't be written to its end");
            }
            if (answered == 0) {
                return bad(
                        "nothing was answered at %s; %s says why"
                                .formatted(target.gateway().link().place(), file));
            }
            terminal.say("%d answers are in %s".formatted(answered, file));
            return Terminal.DONE;
        } catch (FileAlreadyExistsException _) {
            return bad(file + " is there already");
        } catch (NoSuchFileException _) {
            return bad(file + " can't be written: there is no such folder");
        } catch (IOException failed) {
            return bad(file + " can't be written: " + failed);
        }
    }

    private int bad(String reason) {
        terminal.complain(reason);
        return Terminal.BAD;
    }

    private List<Block> blocks(Target target) {
        return address.map(first -> List.of(new Block(table, first, count, Rate.ONCE)))
                .orElseGet(
                        () ->
                                target.known()
                                        .map(known -> profile(known).blocks())
                                        .orElseThrow(
                                                () ->
                                                        new WrongUsage(
                                                                "Of a host nothing is known: say"
                                                                        + " --at.")));
    }

    private static Profile profile(Known known) {
        return known.site().profileOf(known.device());
    }

    private static void tellHead(Target target, PrintWriter out) {
        out.println("bulkhead-dump: 1");
        out.println("bulkhead: " + Main.Version.version());
        out.println("java: " + Runtime.version());
        target.known()
                .ifPresent(
                        known -> {
                            out.println("site: " + known.site().facility().site().name());
                            out.println("device: " + known.device().id());
                            out.println(
                                    "profile: %s (%s)"
                                            .formatted(
                                                    profile(known).id(), profile(known).title()));
                        });
        Link link = target.gateway().link();
        out.println("gateway: " + target.gateway().id());
        out.println("link: " + kind(link) + " " + link.place());
        out.println("unit: " + target.unit());
        out.println();
    }

    private static String kind(Link link) {
        return switch (link) {
            case Link.Tcp _ -> "tcp";
            case Link.Tls _ -> "tls";
            case Link.RtuOverTcp _ -> "rtu-tcp";
            case Link.AsciiOverTcp _ -> "ascii-tcp";
            case Link.Rtu _ -> "rtu";
            case Link.Ascii _ -> "ascii";
        };
    }

    /**
     * Of a SunSpec device the blocks stand where it has its models, and looking is recorded too.
     */
    private List<Block> asFound(Visit visit, Target target, List<Block> blocks, PrintWriter out)
            throws InterruptedException {
        if (address.isPresent() || target.known().isEmpty()) {
            return blocks;
        }
        Known known = target.known().get();
        Profile profile = profile(known);
        if (profile.models().isEmpty()) {
            return blocks;
        }
        SunSpecWalk walk = visit.walk(target.unit(), answer -> tell(visit.passed(), answer, out));
        Set<String> wanted = known.site().facility().signals().pointsOf(known.device().id());
        return walk instanceof SunSpecWalk.Walked(Chain chain)
                        && chain.fit(profile, wanted)
                                instanceof Chain.Fit.Fits(Profile layout, var _)
                ? layout.blocks()
                : List.of();
    }

    /** Reads round after round; each is in the file before the next begins. */
    private int record(Visit visit, List<Block> blocks, int unit, PrintWriter out)
            throws InterruptedException {
        int answered = 0;
        long start = System.nanoTime();
        Duration length = Duration.ofSeconds(seconds);
        for (Duration next = Duration.ZERO;
                next.compareTo(length) <= 0 && !out.checkError();
                next = next.plusSeconds(interval)) {
            TimeUnit.NANOSECONDS.sleep(next.toNanos() - (System.nanoTime() - start));
            for (Block block : blocks) {
                Answer answer = visit.read(block, unit);
                tell(visit.passed(), answer, out);
                answered += answer instanceof Answer.Values ? 1 : 0;
            }
        }
        return answered;
    }

    private static void tell(List<Visit.Passed> passed, Answer answer, PrintWriter out) {
        boolean isSent = !(answer instanceof Answer.NotSent) && !passed.isEmpty();
        int before = isSent ? passed.size() - 1 : passed.size();
        passed.stream()
                .limit(before)
                .forEach(each -> tell(each.sentAt(), "again", NOTHING, each, "", out));
        if (isSent) {
            tell(passed.getLast(), answer, out);
        }
        if (answer instanceof Answer.NotSent(Instant at, String reason)) {
            tell(at, "unsent", NOTHING, new Visit.Passed(at, Bytes.NONE, Bytes.NONE), reason, out);
        }
    }

    private static void tell(Visit.Passed passed, Answer answer, PrintWriter out) {
        String millis =
                String.format(
                        Locale.ROOT,
                        "%.1f",
                        Duration.between(passed.sentAt(), answer.at()).toNanos() / 1e6);
        switch (answer) {
            case Answer.Values _ -> tell(passed.sentAt(), "values", millis, passed, "", out);
            case Answer.Refused(var _, int _, String reason) ->
                    tell(passed.sentAt(), "refused", millis, passed, reason, out);
            case Answer.Lost(var _, String reason) ->
                    tell(passed.sentAt(), "lost", millis, passed, reason, out);
            case Answer.NotSent _, Answer.Written _ ->
                    throw new IllegalStateException("it was read, and sent");
        }
    }

    private static void tell(
            Instant at,
            String end,
            String millis,
            Visit.Passed passed,
            String reason,
            PrintWriter out) {
        out.println(
                "%s %s %s %s %s %s"
                        .formatted(
                                at,
                                end,
                                millis,
                                hex(passed.request()),
                                hex(passed.answer()),
                                reason)
                        .strip());
    }

    private static String hex(Bytes bytes) {
        return bytes.length() == 0 ? NOTHING : bytes.toString();
    }
}
