package dev.bulkhead.rules.condition;

import dev.bulkhead.rules.condition.Instance.ClauseProgram;
import dev.bulkhead.rules.signal.Board;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Signal;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.signal.Snapshot;
import dev.bulkhead.rules.site.Site;
import dev.cel.runtime.Program;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A pack at work on a site. Looks only at the instances whose readings changed, fell silent or grew
 * old. Belongs to one thread, as its memory does.
 *
 * <pre>
 *  not breached:  when = no                      → CLEAR
 *                 when = yes, while = no         → CLEAR, it isn't judged
 *                 when = yes, while = yes        → counts; BREACHED once 'samples' and 'for' are met
 *  breached:      when = yes, while = yes        → BREACHED
 *                 clear = yes, while = yes       → CLEAR
 *                 clear = no, while = yes        → BREACHED, within its hysteresis
 *                 while = no                     → UNKNOWN: what isn't judged isn't shown clear
 *  either:        anything that can't be told    → UNKNOWN, and nothing is counted
 * </pre>
 */
public final class Conditions {
    /** An instance, for those who must know all of them. */
    public record Binding(Condition condition, Signal signal) {}

    private record Finding(Verdict verdict, String why, boolean isNew) {}

    private final SignalTable signals;
    private final Evaluator evaluator;
    private final List<Instance> instances;
    private final List<String> findings;
    private final List<Series.Key> series;
    private final List<Quiet.Key> quiets;
    private final List<List<Integer>> dependents;
    private final BitSet ageing = new BitSet();

    private Conditions(Binder bound, SignalTable signals, Evaluator evaluator) {
        this.signals = signals;
        this.evaluator = evaluator;
        instances = bound.instances();
        findings = bound.findings();
        series = bound.series();
        quiets = bound.quiets();
        dependents = bound.dependents();
        instances.stream()
                .filter(Instance::isAgeing)
                .forEach(instance -> ageing.set(instance.index()));
    }

    /** Binds a pack to a site. */
    public static Conditions compile(Pack pack, Site site, SignalTable signals) {
        var evaluator = new Evaluator();
        return new Conditions(Binder.bind(pack, site, signals, evaluator), signals, evaluator);
    }

    /** Every instance, in order. */
    public List<Binding> bindings() {
        return instances.stream()
                .map(instance -> new Binding(instance.condition(), instance.signal()))
                .toList();
    }

    /** What can't be judged though the site has part of what it takes, in words. */
    public List<String> findings() {
        return Collections.unmodifiableList(findings);
    }

    /** A memory of nothing. */
    public Memory memory() {
        return new Memory(signals, instances.stream().map(Instance::name).toList(), series, quiets);
    }

    /** A memory as it was; what the image doesn't know begins anew. */
    public Memory memory(Memory.Image image) {
        if (image.version() != Memory.VERSION) {
            throw new IllegalArgumentException(
                    "an image of version " + image.version() + "; known is " + Memory.VERSION);
        }
        Memory memory = memory();
        memory.restore(image);
        return memory;
    }

    /**
     * Judges what changed.
     *
     * @param board the latest readings, those of the snapshot among them
     * @return verdicts that changed, and votes seen again, in the order of the instances
     */
    public List<Judged> judge(Memory memory, Board board, Snapshot snapshot) {
        Instant now = snapshot.at();
        BitSet due = due(memory, snapshot);
        List<Judged> judged = new ArrayList<>();
        for (int index = due.nextSetBit(0); index >= 0; index = due.nextSetBit(index + 1)) {
            Instance instance = instances.get(index);
            var moment = new Moment(instance, memory, board, now);
            judge(moment, memory.standing(index)).ifPresent(judged::add);
        }
        return judged;
    }

    /** Votes that aren't cast though what they ask is so, as of the last look at each. */
    public List<HeldBack> heldBack(Memory memory) {
        List<HeldBack> held = new ArrayList<>();
        for (Instance instance : instances) {
            if (instance.condition().vote().isPresent()) {
                memory.standing(instance.index())
                        .heldBack()
                        .map(why -> new HeldBack(instance.condition(), instance.signal(), why))
                        .ifPresent(held::add);
            }
        }
        return held;
    }

    private BitSet due(Memory memory, Snapshot snapshot) {
        var due = new BitSet(instances.size());
        due.or(ageing);
        if (memory.begin(snapshot.at())) {
            due.set(0, instances.size());
        }
        for (Observation news : snapshot.news()) {
            if (news.reading() instanceof Reading.Measured(Instant at, long _, var value)) {
                memory.measured(news.signal(), at, value);
            }
            dependents.get(news.signal()).forEach(due::set);
        }
        for (int signal = 0; signal < signals.size(); signal++) {
            if (memory.goesStale(signal, snapshot.at())) {
                dependents.get(signal).forEach(due::set);
            }
        }
        return due;
    }

    private Optional<Judged> judge(Moment at, Standing standing) {
        Instance instance = at.instance();
        Finding found = find(at, standing);
        boolean isChange = found.verdict() != standing.verdict();
        boolean isRenewal =
                !isChange
                        && found.verdict() == Verdict.BREACHED
                        && found.isNew()
                        && instance.condition().vote().isPresent();
        standing.become(found.verdict());
        if (!isChange && !isRenewal) {
            return Optional.empty();
        }
        return Optional.of(
                new Judged(
                        at.now(),
                        instance.condition(),
                        instance.signal().of(),
                        instance.signal(),
                        found.verdict(),
                        isRenewal,
                        Evidence.of(evaluator, at, found.verdict(), found.why())));
    }

    private Finding find(Moment at, Standing standing) {
        var programs = at.instance().programs();
        standing.holdBack(Optional.empty());
        Answer when = evaluator.ask(programs.when(), at);
        if (when instanceof Answer.Unknown(String why)) {
            standing.pause();
            return new Finding(Verdict.UNKNOWN, why, false);
        }
        if (when.isNo() && !standing.isBreached()) {
            standing.forget();
            return new Finding(Verdict.CLEAR, "", false);
        }
        Answer gate = ask(programs.gate(), at);
        if (when.isYes() && !gate.isYes()) {
            standing.holdBack(Optional.of(whyNot(at, gate)));
        }
        if (gate instanceof Answer.Unknown(String why)) {
            standing.pause();
            return new Finding(Verdict.UNKNOWN, why, false);
        }
        return standing.isBreached()
                ? findBreached(at, standing, when, gate)
                : findBegun(at, standing, gate);
    }

    /** What is asked; yes where nothing is asked. */
    private Answer ask(Optional<Program> program, Moment at) {
        return program.map(asked -> evaluator.ask(asked, at)).orElse(new Answer.Known(true));
    }

    /** What isn't known, or which clauses of the gate would have to be so. */
    private String whyNot(Moment at, Answer gate) {
        return gate instanceof Answer.Unknown(String why)
                ? why
                : "not judged unless "
                        + at.instance().programs().clauses().stream()
                                .filter(clause -> evaluator.ask(clause.program(), at).isNo())
                                .map(ClauseProgram::text)
                                .collect(Collectors.joining(" && "));
    }

    private Finding findBegun(Moment at, Standing standing, Answer gate) {
        if (gate.isNo()) {
            standing.forget();
            return new Finding(Verdict.CLEAR, "", false);
        }
        Condition condition = at.instance().condition();
        boolean isNew = count(at, standing);
        if (standing.samples() < condition.samples()
                || standing.lasted().compareTo(condition.dwell()) < 0) {
            return new Finding(standing.verdict(), "not for long enough", false);
        }
        standing.breach();
        return new Finding(Verdict.BREACHED, "", isNew);
    }

    private Finding findBreached(Moment at, Standing standing, Answer when, Answer gate) {
        if (gate.isNo()) {
            return new Finding(Verdict.UNKNOWN, whyNot(at, gate), false);
        }
        if (when.isYes()) {
            return new Finding(Verdict.BREACHED, "", count(at, standing));
        }
        return switch (ask(at.instance().programs().clear(), at)) {
            case Answer.Unknown(String why) -> new Finding(Verdict.UNKNOWN, why, false);
            case Answer.Known(boolean isClear) when isClear -> {
                standing.forget();
                yield new Finding(Verdict.CLEAR, "", false);
            }
            case Answer.Known _ -> new Finding(Verdict.BREACHED, "", count(at, standing));
        };
    }

    /**
     * Counts the measurement that shows a breach: once all it rests on is new, and once all the
     * gate reads was measured no earlier. A current read a second before the voltages says nothing
     * of the load under which they were measured.
     */
    private boolean count(Moment at, Standing standing) {
        Condition condition = at.instance().condition();
        List<Instant> own = at.measuredAt(condition.when());
        Instant from = own.stream().min(Instant::compareTo).orElse(at.now());
        Instant to = own.stream().max(Instant::compareTo).orElse(at.now());
        boolean isGateOlder =
                condition.gate().stream()
                        .flatMap(gate -> at.measuredAt(gate).stream())
                        .anyMatch(instant -> instant.isBefore(to));
        return !isGateOlder && standing.count(from, to);
    }
}
