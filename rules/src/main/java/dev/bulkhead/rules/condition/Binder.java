package dev.bulkhead.rules.condition;

import dev.bulkhead.rules.condition.Instance.ClauseProgram;
import dev.bulkhead.rules.condition.Instance.MeasureProgram;
import dev.bulkhead.rules.condition.Instance.Peer;
import dev.bulkhead.rules.condition.Instance.Programs;
import dev.bulkhead.rules.signal.Signal;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.site.BatteryString;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.stream.Stream;

/** Binds each condition of a pack to the signals of a site. */
final class Binder {
    private record RoomRole(RoomId room, Role role) {}

    private final Site site;
    private final SignalTable signals;
    private final List<Instance> instances = new ArrayList<>();
    private final List<String> findings = new ArrayList<>();
    private final SequencedSet<Series.Key> series = new LinkedHashSet<>();
    private final SequencedSet<Quiet.Key> quiets = new LinkedHashSet<>();
    private final List<SequencedSet<Integer>> dependents = new ArrayList<>();
    private final Map<RoomRole, List<Peer>> peers = new LinkedHashMap<>();

    private Binder(Site site, SignalTable signals) {
        this.site = site;
        this.signals = signals;
        for (int signal = 0; signal < signals.size(); signal++) {
            dependents.add(new LinkedHashSet<>());
        }
    }

    static Binder bind(Pack pack, Site site, SignalTable signals, Evaluator evaluator) {
        var binder = new Binder(site, signals);
        for (Condition condition : pack.conditions()) {
            Programs programs = programs(condition, evaluator);
            for (Signal signal : signals.with(anchor(condition))) {
                binder.bind(condition, signal, programs);
            }
        }
        return binder;
    }

    List<Instance> instances() {
        return List.copyOf(instances);
    }

    List<String> findings() {
        return List.copyOf(findings);
    }

    List<Series.Key> series() {
        return List.copyOf(series);
    }

    List<Quiet.Key> quiets() {
        return List.copyOf(quiets);
    }

    /** By signal: the instances that read it. */
    List<List<Integer>> dependents() {
        return dependents.stream().map(List::copyOf).toList();
    }

    private static Programs programs(Condition condition, Evaluator evaluator) {
        return new Programs(
                evaluator.program(condition.when().ast()),
                condition.clear().map(clear -> evaluator.program(clear.ast())),
                condition.gate().map(gate -> evaluator.program(gate.ast())),
                condition.gate().stream()
                        .flatMap(gate -> gate.clauses().stream())
                        .map(
                                clause ->
                                        new ClauseProgram(
                                                clause.text(), evaluator.program(clause.ast())))
                        .toList(),
                condition.when().measures().stream()
                        .map(
                                measure ->
                                        new MeasureProgram(
                                                measure, evaluator.program(measure.ast())))
                        .toList());
    }

    /** The first role of its own subject that a condition names; the reader made sure of one. */
    private static Role anchor(Condition condition) {
        return condition.when().uses().stream()
                .map(Use::role)
                .filter(role -> role.of() == condition.of())
                .findFirst()
                .orElseThrow();
    }

    private static Stream<Use> judging(Condition condition) {
        return Stream.concat(
                condition.when().uses().stream(),
                condition.clear().stream().flatMap(clear -> clear.uses().stream()));
    }

    private static Stream<Use> gating(Condition condition) {
        return condition.gate().stream().flatMap(gate -> gate.uses().stream());
    }

    private void bind(Condition condition, Signal signal, Programs programs) {
        Map<Role, List<Integer>> latest = new EnumMap<>(Role.class);
        for (Use use : judging(condition).toList()) {
            List<Integer> found = find(condition, signal, use.role(), condition.vote().isPresent());
            if (found.isEmpty()) {
                findings.add(
                        condition
                                + "@"
                                + signal.of()
                                + " isn't judged: no "
                                + use.role()
                                + " with "
                                + signal.id());
                return;
            }
            latest.put(use.role(), found);
        }
        Map<Role, List<Integer>> any = new EnumMap<>(Role.class);
        for (Use use : gating(condition).toList()) {
            if (use instanceof Use.AnySet(Role role)) {
                any.put(role, related(signal, role));
                continue;
            }
            if (use instanceof Use.AllClearSince(Role role, Role own, Duration _)) {
                any.put(role, related(signal, role));
                latest.putIfAbsent(own, find(condition, signal, own, false));
                continue;
            }
            List<Integer> found = find(condition, signal, use.role(), false);
            if (found.isEmpty()) {
                findings.add(
                        condition
                                + "@"
                                + signal.of()
                                + " may never be judged: nothing measures "
                                + use.role());
            }
            latest.putIfAbsent(use.role(), found);
        }
        Map<Role, List<Peer>> around = new EnumMap<>(Role.class);
        Stream.concat(judging(condition), gating(condition))
                .filter(Use.OverPeers.class::isInstance)
                .forEach(use -> around.put(use.role(), peers(signal.room(), use.role())));
        double ampereHours =
                Reach.string(site, signal.of()).map(BatteryString::ampereHours).orElse(0.0);
        add(
                new Instance(
                        instances.size(),
                        condition,
                        signal,
                        latest,
                        any,
                        around,
                        ampereHours,
                        programs));
    }

    private void add(Instance instance) {
        instances.add(instance);
        Stream.concat(instance.latest().values().stream(), instance.any().values().stream())
                .forEach(
                        found -> {
                            for (int signal : found) {
                                dependents.get(signal).add(instance.index());
                            }
                        });
        Condition condition = instance.condition();
        for (Use use : Stream.concat(judging(condition), gating(condition)).toList()) {
            for (int signal : instance.signals(use.role())) {
                switch (use) {
                    case Use.Rate rate -> series.add(Series.Key.of(signal, rate));
                    case Use.Idle idle ->
                            quiets.add(
                                    new Quiet.Key(
                                            signal,
                                            idle.capacityFraction() * instance.ampereHours()));
                    case Use.Latest _,
                            Use.Age _,
                            Use.OverPeers _,
                            Use.AnySet _,
                            Use.AllClearSince _ -> {}
                }
            }
        }
    }

    /** The signals a role stands for, seen from the signal an instance is bound to. */
    private List<Integer> find(
            Condition condition, Signal signal, Role role, boolean sameDeviceOnly) {
        if (role.of() != condition.of()) {
            return related(signal, role);
        }
        List<Signal> same =
                signals.of(signal.of(), role).stream()
                        .filter(other -> other.device().equals(signal.device()))
                        .toList();
        if (!same.isEmpty()) {
            // A device with two sensors of a kind: the second goes with the second.
            int place = Math.min(place(signal), same.size() - 1);
            return List.of(same.get(place).index());
        }
        return sameDeviceOnly ? List.of() : related(signal, role);
    }

    /** The how-manieth of its like a signal is, on its device, from 0. */
    private int place(Signal signal) {
        return signals.of(signal.of(), signal.role()).stream()
                .filter(other -> other.device().equals(signal.device()))
                .toList()
                .indexOf(signal);
    }

    private List<Integer> related(Signal signal, Role role) {
        return Reach.from(site, signal.of(), role.of()).stream()
                .flatMap(subject -> signals.of(subject, role).stream())
                .map(Signal::index)
                .toList();
    }

    private List<Peer> peers(RoomId room, Role role) {
        return peers.computeIfAbsent(new RoomRole(room, role), _ -> devices(room, role));
    }

    private List<Peer> devices(RoomId room, Role role) {
        Map<DeviceId, List<Signal>> byDevice = new LinkedHashMap<>();
        signals.with(role).stream()
                .filter(signal -> signal.room().equals(room))
                .forEach(
                        signal ->
                                byDevice.computeIfAbsent(signal.device(), _ -> new ArrayList<>())
                                        .add(signal));
        return byDevice.values().stream()
                .map(
                        same ->
                                new Peer(
                                        same.getFirst().device(),
                                        same.getFirst().gateway(),
                                        same.stream().map(Signal::index).toList()))
                .toList();
    }
}
