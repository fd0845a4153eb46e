package dev.bulkhead.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.bulkhead.agent.bridge.Store;
import dev.bulkhead.agent.bridge.StoreReader;
import dev.bulkhead.agent.ledger.Account;
import dev.bulkhead.agent.ledger.Keys;
import dev.bulkhead.agent.ledger.Ledger;
import dev.bulkhead.agent.ledger.LedgerText;
import dev.bulkhead.agent.ledger.Series;
import dev.bulkhead.agent.peer.Reasons;
import dev.bulkhead.agent.telemetry.TelemetryDriver;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bulkhead ledger}: what became of every sample. */
@Command(
        name = "ledger",
        description = {
            "Holds the samples an agent took against those in the store, key by key.",
            "Exit 1 if any was dropped, is missing, or is there more than once."
        },
        mixinStandardHelpOptions = true)
final class LedgerCommand implements Callable<Integer> {
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    /** An agent that runs writes its ledger once a second; so long, and it can't. */
    private static final Duration STALE_AFTER = Duration.ofSeconds(30);

    /** How much is compared: at most one of these. */
    static final class Stretch {
        @Option(
                names = "--last",
                paramLabel = "MINUTES",
                description = {
                    "Compares what came in the last minutes, and of devices that were silent since",
                    "then their last sample. Default: 10."
                })
        private long lastMinutes = 10;

        @Option(
                names = "--whole",
                description =
                        "The latest run from its start. Of days, that takes minutes and memory.")
        private boolean isWhole;

        @Option(names = "--all", description = "All runs the ledger knows, from their starts.")
        private boolean isAll;

        private Instant since() {
            return isAll || isWhole
                    ? Instant.EPOCH
                    : Instant.now().minus(Duration.ofMinutes(lastMinutes));
        }
    }

    private final Terminal terminal;

    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "The agent.yaml. The agent may be running or not.")
    private Path config = Path.of("agent.yaml");

    @Option(
            names = "--bridge",
            paramLabel = "FILE",
            description = {
                "The bridge.yaml, which says where the store is.",
                "Without it only the agent's own side is told."
            })
    private Optional<Path> bridge = Optional.empty();

    @ArgGroup
    @SuppressWarnings("FieldCanBeFinal") // The command line sets it.
    private Stretch stretch = new Stretch();

    @Option(
            names = "--within",
            paramLabel = "SECONDS",
            defaultValue = "20",
            description = {
                "How long samples may still be on their way before they are called missing.",
                "Default: ${DEFAULT-VALUE}."
            })
    private int withinSeconds;

    @Option(names = "--json", description = "One line of JSON.")
    private boolean isJson;

    LedgerCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        Optional<AgentFile.Samples> agent = terminal.valueOf(AgentFile.samples(config));
        Optional<Store> store = bridge.flatMap(file -> terminal.valueOf(BridgeFile.store(file)));
        if (agent.isEmpty() || store.isPresent() != bridge.isPresent()) {
            return Terminal.CONFIGURATION;
        }
        Optional<Path> spool = agent.get().spool();
        if (spool.isEmpty()) {
            terminal.complain(
                    config + " has no 'telemetry': nothing is published, nothing counted");
            return Terminal.CONFIGURATION;
        }
        try {
            LedgerText.Dated ledger = read(TelemetryDriver.ledger(spool.get()));
            if (isStale(ledger) && isInUse(spool.get())) {
                terminal.complain(
                        "the agent can't write its ledger: it runs, and %s is %d s old; is its disk full? its log says why"
                                .formatted(
                                        TelemetryDriver.ledger(spool.get()),
                                        age(ledger).orElseThrow().toSeconds()));
                return Terminal.BAD;
            }
            return store.isPresent()
                    ? compare(ledger, agent.get().site(), store.get())
                    : tell(ledger);
        } catch (IOException unreadable) {
            terminal.complain(Reasons.of(unreadable));
            return Terminal.BAD;
        }
    }

    private static Optional<Duration> age(LedgerText.Dated ledger) {
        return ledger.asOf().map(at -> Duration.between(at, Instant.now()));
    }

    private static boolean isStale(LedgerText.Dated ledger) {
        return age(ledger).filter(age -> age.compareTo(STALE_AFTER) > 0).isPresent();
    }

    /** Whether an agent has locked its spool. Shared, so that two who look don't see each other. */
    private static boolean isInUse(Path spool) {
        try (FileChannel channel =
                        FileChannel.open(spool.resolve("lock"), StandardOpenOption.READ);
                FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
            return lock == null;
        } catch (OverlappingFileLockException _) {
            return true;
        } catch (IOException _) {
            // There is none, or this user may not look: its age is told all the same.
            return false;
        }
    }

    private LedgerText.Dated read(Path file) throws IOException {
        try {
            LedgerText.Dated dated = LedgerText.readDated(Files.readString(file));
            Ledger whole = dated.ledger();
            return new LedgerText.Dated(
                    stretch.isAll ? whole : whole.ofRuns(asked(whole.runs())), dated.asOf());
        } catch (LedgerText.Unreadable damaged) {
            throw new IOException(file + ": " + damaged.getMessage(), damaged);
        } catch (NoSuchElementException _) {
            throw new IOException(file + ": no sample was taken yet");
        } catch (IOException missing) {
            throw new IOException(
                    "no ledger in " + file + ": has the agent run with this configuration?",
                    missing);
        }
    }

    /** The latest run, and before it each that ended within the minutes that are looked at. */
    private SortedSet<Long> asked(SortedSet<Long> runs) {
        var asked = new TreeSet<Long>();
        long next = Long.MAX_VALUE;
        for (long run : runs.reversed()) {
            if (asked.isEmpty() || (!stretch.isWhole && next >= stretch.since().toEpochMilli())) {
                asked.add(run);
            }
            next = run;
        }
        return asked;
    }

    private int tell(LedgerText.Dated dated) {
        Ledger ledger = dated.ledger();
        Account nothingAsked = Account.of(ledger, new Account.Stored(new Keys(), 0));
        if (isJson) {
            terminal.say(json(common(dated, nothingAsked)));
            return nothingAsked.droppedCount() == 0 ? Terminal.DONE : Terminal.BAD;
        }
        sayAge(dated);
        say("sampled", nothingAsked.sampled(), since(ledger.runs()));
        say("waiting", nothingAsked.waiting(), "in the spool");
        nothingAsked.dropped().forEach((why, n) -> say("dropped", n, why));
        terminal.say("What is stored can't be told without --bridge.");
        return nothingAsked.droppedCount() == 0 ? Terminal.DONE : Terminal.BAD;
    }

    private static String since(SortedSet<Long> runs) {
        return "answered polls, since " + Instant.ofEpochMilli(runs.getFirst());
    }

    private int compare(LedgerText.Dated dated, String site, Store store)
            throws IOException, InterruptedException {
        Ledger ledger = dated.ledger();
        var reader = new StoreReader(store);
        long deadline = System.nanoTime() + Duration.ofSeconds(withinSeconds).toNanos();
        Account account = account(ledger, site, reader);
        while (account.missing().count() > 0 && System.nanoTime() - deadline < 0) {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY.toMillis());
            account = account(ledger, site, reader);
        }
        if (isJson) {
            terminal.say(json(all(dated, account)));
        } else {
            sayAge(dated);
            say(
                    "sampled",
                    account.sampled(),
                    stretch.isAll || stretch.isWhole
                            ? since(ledger.runs())
                            : "answered polls, of the last " + stretch.lastMinutes + " minutes");
            say("waiting", account.waiting(), "in the spool");
            account.dropped().forEach((why, n) -> say("dropped", n, why));
            say("stored", account.stored(), "in " + store.name());
            say("missing", account.missing().count(), account.missing().brief());
            say("duplicated", account.duplicated(), "");
        }
        return account.isWhole() && account.droppedCount() == 0 ? Terminal.DONE : Terminal.BAD;
    }

    private Account account(Ledger ledger, String site, StoreReader reader)
            throws IOException, InterruptedException {
        Instant since = stretch.since();
        Account.Stored stored = reader.samples(site, ledger.runs(), since);
        return since.equals(Instant.EPOCH)
                ? Account.of(ledger, stored)
                : recent(ledger, site, reader, stored);
    }

    /**
     * From the last sample of each device that the store has from before those minutes: what is
     * missing behind it was lost. Where the sample before the first of late is not there, or the
     * last one of a device that has none of late, a gap began earlier, and the whole of that device
     * is looked at.
     */
    private static Account recent(
            Ledger ledger, String site, StoreReader reader, Account.Stored stored)
            throws IOException, InterruptedException {
        Keys keys = new Keys(stored.keys());
        var from = new HashMap<Series, Long>();
        for (Map.Entry<Series, Long> one : ledger.sampled().entrySet()) {
            Series series = one.getKey();
            boolean hasOfLate = keys.has(series);
            long before = hasOfLate ? keys.first(series) - 1 : one.getValue();
            if (before < 1 || reader.has(site, series, before)) {
                keys.add(series, Math.max(before, 1), before);
                from.put(series, Math.max(before, 1));
            } else {
                keys.addAll(reader.all(site, series).keys());
                from.put(series, 1L);
            }
        }
        return Account.of(ledger, from, new Account.Stored(keys, stored.duplicated()));
    }

    private void say(String what, long count, String more) {
        terminal.say(
                String.format(Locale.ROOT, "%-11s %,12d  %s", what, count, more).stripTrailing());
    }

    private void sayAge(LedgerText.Dated dated) {
        dated.asOf()
                .ifPresentOrElse(
                        at -> say("as of", age(dated).orElseThrow().toSeconds(), "s ago, " + at),
                        () -> terminal.say("The ledger doesn't say how old it is."));
    }

    /** What is known without a store. */
    private static Map<String, Object> common(LedgerText.Dated dated, Account account) {
        var all = new LinkedHashMap<String, Object>();
        dated.asOf().ifPresent(at -> all.put("asOf", at.toString()));
        all.put("sampled", account.sampled());
        all.put("waiting", account.waiting());
        all.put("dropped", account.dropped());
        return all;
    }

    private static Map<String, Object> all(LedgerText.Dated dated, Account account) {
        Map<String, Object> all = common(dated, account);
        all.put("stored", account.stored());
        all.put("missing", account.missing().count());
        all.put("missingKeys", account.missing().brief());
        all.put("duplicated", account.duplicated());
        return all;
    }

    private static String json(Map<String, Object> all) {
        try {
            return new JsonMapper().writeValueAsString(all);
        } catch (JsonProcessingException bug) {
            throw new IllegalStateException(bug);
        }
    }
}
