package dev.bulkhead.agent;

import dev.bulkhead.agent.DeviceOptions.Known;
import dev.bulkhead.agent.DeviceOptions.Target;
import dev.bulkhead.agent.modbus.Answer;
import dev.bulkhead.agent.modbus.Change;
import dev.bulkhead.agent.modbus.Image;
import dev.bulkhead.agent.modbus.Visit;
import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.Profile.Block;
import dev.bulkhead.rules.profile.Profile.Rate;
import dev.bulkhead.rules.profile.Profile.Table;
import dev.bulkhead.rules.site.BreakerId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bulkhead modbus write}: what a person wants a device to hold, once and after asking. */
@Command(
        name = "write",
        description = {
            "Writes coils or holding registers of a device: says what is there and what would be"
                    + " written, asks, writes once, and reads back.",
            "Nothing is written to a device of the site with an armed breaker, nor before it has"
                    + " proved to be the one the site means.",
            "Exit 1 if it isn't written, or reads back otherwise."
        },
        mixinStandardHelpOptions = true)
@SuppressWarnings("FieldCanBeFinal") // The command line sets them.
final class ModbusWriteCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin private final DeviceOptions options = new DeviceOptions();

    @Option(
            names = "--table",
            paramLabel = "TABLE",
            defaultValue = "holding",
            description = "COIL or HOLDING (default: ${DEFAULT-VALUE}).")
    private Table table = Table.HOLDING;

    @Option(
            names = "--at",
            required = true,
            paramLabel = "N",
            description = "The first address as it is on the wire, from 0.")
    private int address;

    @Option(
            names = "--values",
            required = true,
            split = ",",
            paramLabel = "V",
            description =
                    "0 or 1 for each coil; -32768 to 65535, or 0x0 to 0xFFFF, for each register.")
    private List<String> values = List.of();

    @Option(
            names = "--several",
            description =
                    "Writes one value by the function for several (15, 16), as some devices want.")
    private boolean isOfSeveral;

    @Option(
            names = "--breaker",
            paramLabel = "B",
            description = "The breaker that the coil acts on: said, so that it is meant.")
    private Optional<String> breaker = Optional.empty();

    @Option(names = "--yes", description = "Doesn't ask.")
    private boolean isAgreed;

    ModbusWriteCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        Change change = change();
        if (!isAgreed && terminal.person().isEmpty()) {
            throw new WrongUsage("Nobody is there to be asked: on a terminal, or with --yes.");
        }
        Optional<Target> target = options.target(terminal);
        if (target.isEmpty()) {
            return Terminal.CONFIGURATION;
        }
        Optional<String> objection = objection(target.get(), change);
        return objection.isPresent()
                ? bad("refused: " + objection.get())
                : write(target.get(), change);
    }

    private Change change() {
        try {
            return new Change(
                    table,
                    address,
                    values.stream().map(ModbusWriteCommand::number).toList(),
                    isOfSeveral || values.size() > 1);
        } catch (IllegalArgumentException wrong) {
            throw new WrongUsage("--table, --at, --values: " + wrong.getMessage() + ".");
        }
    }

    /** A register's 16 bits; -1 is 65535. */
    private static int number(String text) {
        int number;
        try {
            number =
                    text.startsWith("0x")
                            ? Integer.parseInt(text.substring(2), 16)
                            : Integer.parseInt(text);
        } catch (NumberFormatException _) {
            throw new IllegalArgumentException("'" + text + "' is no whole number");
        }
        return number < 0 && number >= Short.MIN_VALUE ? number & 0xFFFF : number;
    }

    private Optional<String> objection(Target target, Change change) {
        if (target.unit() == 0) {
            return Optional.of("unit 0 is everybody, and nobody answers for it");
        }
        Optional<BreakerId> named = breaker.map(BreakerId::new);
        return target.known().isPresent()
                ? reach(target.known().get(), change).objection(target.known().get().site(), named)
                : named.map("no site says where the coils of %s are"::formatted);
    }

    private static Reach reach(Known known, Change change) {
        return Reach.of(known.site(), known.device(), change);
    }

    private int write(Target target, Change change) throws InterruptedException {
        try (Visit visit = visit(target)) {
            var block = new Block(table, change.address(), change.values().size(), Rate.ONCE);
            Answer before = visit.read(block, target.unit());
            switch (before) {
                case Answer.Values _, Answer.Refused _ -> {}
                case Answer.Lost(var _, String reason) -> {
                    return bad("nothing was written: the device can't be read: " + reason);
                }
                case Answer.NotSent(var _, String reason) -> {
                    return bad("nothing was written: " + reason);
                }
                case Answer.Written _ -> throw new IllegalStateException("a read writes nothing");
            }
            tell(target, change, before);
            if (!isAgreed && !terminal.agrees("Write it?")) {
                return bad("nothing was written");
            }
            Answer written = visit.write(change, target.unit());
            tell(written);
            boolean isAsTold =
                    mayHaveReached(written) && readsBack(visit.read(block, target.unit()), change);
            return isAsTold && written instanceof Answer.Written ? Terminal.DONE : Terminal.BAD;
        }
    }

    private static Visit visit(Target target) {
        AgentTime time = AgentTime.system();
        return target.known()
                .map(
                        known ->
                                Visit.to(
                                        target.gateway(),
                                        known.device(),
                                        known.site().profileOf(known.device()),
                                        target.timings(),
                                        time))
                .orElseGet(
                        () ->
                                Visit.to(
                                        target.gateway(),
                                        Set.of(target.unit()),
                                        target.timings(),
                                        time));
    }

    private void tell(Target target, Change change, Answer before) {
        String place = "unit %d of %s".formatted(target.unit(), target.gateway().link().place());
        terminal.say(
                target.known()
                        .map(known -> "%s, %s; %s".formatted(words(known), place, proof(known)))
                        .orElse(
                                place
                                        + "; no site says what that is, nor whether it is a breaker"));
        target.known().ifPresent(known -> tell(reach(known, change)));
        terminal.say("  %s is    %s".formatted(change.extent(), words(before)));
        terminal.say(
                "  %s gets  %s, by function %d"
                        .formatted(change.extent(), words(change.values()), change.function()));
    }

    private static String words(Known known) {
        return "%s (%s)"
                .formatted(known.device().id(), known.site().profileOf(known.device()).title());
    }

    private static String proof(Known known) {
        Profile profile = known.site().profileOf(known.device());
        return profile.identities().isEmpty()
                ? "its register map has nothing that proves which device it is"
                : "it has proved to be that device";
    }

    private void tell(Reach reach) {
        terminal.say(
                "  "
                        + reach.words()
                                .map("this is %s"::formatted)
                                .orElse("its register map doesn't say what this is"));
        if (!reach.breakers().isEmpty()) {
            terminal.say("  the device acts on " + Reach.joined(reach.breakers()));
        }
    }

    private String words(Answer before) {
        return switch (before) {
            case Answer.Values(var _, var _, Image image) -> words(values(image));
            case Answer.Refused(var _, int _, String reason) -> "not to be read: " + reason;
            case Answer.Lost(var _, String reason) -> "not known: " + reason;
            case Answer.NotSent(var _, String reason) -> "not known: " + reason;
            case Answer.Written _ -> throw new IllegalStateException("a read writes nothing");
        };
    }

    private static List<Integer> values(Image image) {
        return IntStream.range(0, image.size()).map(image::at).boxed().toList();
    }

    private String words(List<Integer> values) {
        return values.stream()
                .map(
                        value ->
                                table == Table.COIL
                                        ? "" + value
                                        : String.format(Locale.ROOT, "%d (0x%04X)", value, value))
                .collect(Collectors.joining(" "));
    }

    private void tell(Answer written) {
        switch (written) {
            case Answer.Written(var _, var at) -> terminal.say("written, answered at " + at);
            case Answer.Refused(var _, int _, String reason) ->
                    terminal.complain("the device refuses it and has done nothing: " + reason);
            case Answer.Lost(var _, String reason) ->
                    terminal.complain(
                            "it may have reached the device, and is not repeated: " + reason);
            case Answer.NotSent(var _, String reason) ->
                    terminal.complain("nothing was written: " + reason);
            case Answer.Values _ -> throw new IllegalStateException("a write reads nothing");
        }
    }

    private static boolean mayHaveReached(Answer written) {
        return written instanceof Answer.Written || written instanceof Answer.Lost;
    }

    private boolean readsBack(Answer after, Change change) {
        terminal.say("  %s is    %s".formatted(change.extent(), words(after)));
        if (after instanceof Answer.Values(var _, var _, Image image)
                && !values(image).equals(change.values())) {
            terminal.complain(
                    "it reads otherwise than it was written: the device didn't take it, or it is a"
                            + " command that falls back by itself; read what it should have done");
            return false;
        }
        return true;
    }

    private int bad(String reason) {
        terminal.complain(reason);
        return Terminal.BAD;
    }
}
