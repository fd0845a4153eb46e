package dev.bulkhead.agent;

import dev.bulkhead.agent.control.SignalView;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.Document;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bulkhead signals}: what a running agent reads, and how often. */
@Command(
        name = "signals",
        description = "Signals as a running agent reads them.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class SignalsCommand {
    private final Terminal terminal;
    private final Person person;

    SignalsCommand(Terminal terminal) {
        this.terminal = terminal;
        this.person = new Person(terminal);
    }

    @Command(
            name = "list",
            description = {
                "Lists signals with what they say and how old that is, the scan interval between"
                        + " the last two polls, and the longest of the last ten to twenty minutes."
            },
            mixinStandardHelpOptions = true)
    int list(
            @Mixin AgentOption agent,
            @Option(names = "--device", paramLabel = "D", description = "Only of this device.")
                    Optional<String> device) {
        return person.lookAtSignals(agent, (at, signals) -> tell(at, signals, device));
    }

    private void tell(Instant at, List<SignalView> signals, Optional<String> device) {
        List<SignalView> wanted =
                signals.stream()
                        .filter(
                                signal ->
                                        device.map(DeviceId::new)
                                                .map(signal.device()::equals)
                                                .orElse(true))
                        .toList();
        if (wanted.isEmpty()) {
            terminal.say(
                    device.map(
                                    name ->
                                            "no signal is of a device '%s'%s"
                                                    .formatted(name, nearest(name, signals)))
                            .orElse("there are no signals"));
            return;
        }
        say("signal", "reading", "age s", "scan s", "longest s");
        for (SignalView signal : wanted) {
            say(
                    signal.signal().value(),
                    words(signal),
                    seconds(heard(signal.reading()).map(heard -> Duration.between(heard, at))),
                    seconds(positive(signal.interval())),
                    seconds(positive(signal.longest())));
        }
    }

    private static String nearest(String device, List<SignalView> signals) {
        return Document.nearest(
                device, signals.stream().map(signal -> signal.device().value()).toList());
    }

    private void say(String... columns) {
        terminal.say(
                String.format(Locale.ROOT, "%-36s %-28s %9s %9s %9s", (Object[]) columns)
                        .stripTrailing());
    }

    private static String words(SignalView signal) {
        return switch (signal.reading()) {
            case Reading.Measured(var _, long _, Value value) ->
                    (value + " " + signal.role().unit()).strip();
            case Reading.Invalid(var _, long _, String reason) -> "invalid: " + reason;
            case Reading.Silent _ ->
                    signal.whySilent().isEmpty() ? "silent" : "silent: " + signal.whySilent();
        };
    }

    private static Optional<Instant> heard(Reading reading) {
        Instant at =
                reading instanceof Reading.Silent(var _, Instant lastHeard)
                        ? lastHeard
                        : reading.at();
        return at.equals(Instant.EPOCH) ? Optional.empty() : Optional.of(at);
    }

    private static Optional<Duration> positive(Duration time) {
        return Optional.of(time).filter(Duration::isPositive);
    }

    private static String seconds(Optional<Duration> time) {
        return time.map(some -> String.format(Locale.ROOT, "%.3f", some.toNanos() / 1e9))
                .orElse("-");
    }
}
