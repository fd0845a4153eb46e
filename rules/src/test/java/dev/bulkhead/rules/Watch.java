package dev.bulkhead.rules;

import dev.bulkhead.rules.guard.Arming;
import dev.bulkhead.rules.isolation.PlanId;
import dev.bulkhead.rules.signal.Position;
import dev.bulkhead.rules.signal.Signal;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Busbar;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A watch kept over two-rooms: the judge with the shipped pack, a plant on which all is as on a
 * quiet day but for what a test shows, and breakers that open when told unless a test says
 * otherwise. What the judge says is written down in order, as a journal would.
 */
final class Watch {
    static final RoomId A1 = new RoomId("A1");
    static final RoomId B1 = new RoomId("B1");

    /** What becomes of an act. */
    enum Fate {
        /** The breaker opens and is read back. */
        OPENS,
        /** The trip was written; the breaker doesn't move. */
        STICKS,
        /** The write surely never left. */
        NOT_SENT,
        /** The breaker opens, and nobody is told. */
        OPENS_UNHEARD,
        /** The breaker doesn't move, and nobody is told. */
        STICKS_UNHEARD
    }

    private static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static final Site SITE = TestSites.site("two-rooms");
    private static final SignalTable SIGNALS = SignalTable.of(SITE, TestSites.profiles());

    /** A judge keeps nothing to itself but while it judges: the watches of one thread share it. */
    private static final ThreadLocal<Judge> ARMED =
            ThreadLocal.withInitial(() -> judge(everyBatteryBreaker()));

    private static final ThreadLocal<Judge> ADVISING =
            ThreadLocal.withInitial(() -> judge(Arming.NOTHING));

    private final Judge judge;
    private final TestBoard board = new TestBoard(SIGNALS);
    private final Map<Signal, Value> shown = new LinkedHashMap<>();
    private final TreeSet<BreakerId> open = new TreeSet<>();
    private final Map<BreakerId, Deque<Fate>> fates = new TreeMap<>();
    private final List<Intent> inHand = new ArrayList<>();
    private final List<Event> journal = new ArrayList<>();
    private final List<Intent> intents = new ArrayList<>();
    private Predicate<Signal> isDark = _ -> false;
    private int dyingAt = Integer.MAX_VALUE;
    private State state;

    private Watch(Judge judge) {
        this.judge = judge;
        this.state = judge.start(board.now());
    }

    private static Judge judge(Arming arming) {
        return Judge.compile(SITE, SIGNALS, TestPacks.batteryRoom(), arming);
    }

    private static Arming everyBatteryBreaker() {
        var battery = new TreeSet<BreakerId>();
        SITE.batteryRooms().forEach(room -> battery.addAll(SITE.boundaryOf(room)));
        return new Arming(battery);
    }

    /** Every battery breaker of the site may be opened without asking. */
    static Watch armed() {
        return new Watch(ARMED.get());
    }

    static Watch advising() {
        return new Watch(ADVISING.get());
    }

    /** Every signal there is, in order. */
    static List<Signal> signals() {
        return SIGNALS.all();
    }

    static Site site() {
        return SITE;
    }

    /** Cycles of one second, in each of which everything is read. */
    Watch pass(int seconds) {
        for (int second = 0; second < seconds; second++) {
            cycle(Duration.ofSeconds(1));
        }
        return this;
    }

    /** Long and uneventful: a cycle every 10 s, so that nothing grows old. */
    Watch rest(Duration time) {
        for (Instant until = now().plus(time); now().isBefore(until); ) {
            cycle(Duration.ofSeconds(10));
        }
        return this;
    }

    private void cycle(Duration length) {
        turn(length, _ -> SIGNALS.all().forEach(this::read));
    }

    /** Reads one signal as the plant is, or as a test shows it. */
    void read(Signal signal) {
        if (isDark.test(signal)) {
            board.silence(signal);
        } else {
            board.measure(signal, shown.getOrDefault(signal, plant(signal)));
        }
    }

    /** One cycle in which a test writes the board itself. */
    Watch turn(Duration length, Consumer<TestBoard> writes) {
        endActs();
        writes.accept(board);
        hear(new Input.Cycle(board.turn()));
        board.pass(length);
        return this;
    }

    private void hear(Input input) {
        Outcome outcome = judge.step(state, input);
        state = outcome.state();
        journal.addAll(outcome.events());
        intents.addAll(outcome.intents());
        inHand.addAll(outcome.intents());
        if (journal.size() >= dyingAt) {
            throw new Died();
        }
    }

    private void endActs() {
        List<Intent> ending = List.copyOf(inHand);
        inHand.clear();
        ending.forEach(this::end);
    }

    private void end(Intent intent) {
        Deque<Fate> left = fates.getOrDefault(intent.breaker(), new ArrayDeque<>());
        switch (left.isEmpty() ? Fate.OPENS : left.removeFirst()) {
            case OPENS -> {
                open.add(intent.breaker());
                hear(
                        new Input.Confirmed(
                                now(),
                                intent.id(),
                                now().minusMillis(600),
                                now().minusMillis(300),
                                Position.OPEN));
            }
            case STICKS ->
                    hear(new Input.Failed(now(), intent.id(), "reads CLOSED after 5 s", true));
            case NOT_SENT -> hear(new Input.Failed(now(), intent.id(), "no connection", false));
            case OPENS_UNHEARD -> open.add(intent.breaker());
            case STICKS_UNHEARD -> {}
        }
    }

    /** What the plant is like where a test shows nothing else. */
    private Value plant(Signal signal) {
        return switch (signal.of()) {
            case Subject.OfBreaker(BreakerId breaker) when signal.role() == Role.BREAKER_POSITION ->
                    new Value.At(open.contains(breaker) ? Position.OPEN : Position.CLOSED);
            case Subject.OfNode(NodeId busbar)
                    when signal.role() == Role.BUSBAR_VOLTAGE && isDead(busbar) ->
                    new Value.Quantity(2);
            case Subject.OfBreaker _, Subject.OfNode _, Subject.OfModule _, Subject.OfRoom _ ->
                    TestBoard.quiet(signal.role());
        };
    }

    private boolean isDead(NodeId id) {
        Busbar busbar = Site.known(SITE.busbars(), id);
        return open.contains(busbar.outer())
                && SITE.strings().values().stream()
                        .filter(string -> string.busbar().equals(id))
                        .allMatch(string -> open.contains(string.breaker()));
    }

    /** From now on a signal says this. */
    Watch show(String signal, double number) {
        shown.put(board.signal(signal), new Value.Quantity(number));
        return this;
    }

    Watch show(String signal, boolean isSet) {
        shown.put(board.signal(signal), new Value.Flag(isSet));
        return this;
    }

    /** From now on this flag of a UPS says so. */
    Watch show(String ups, Role role, boolean isSet) {
        SIGNALS.of(new Subject.OfNode(new NodeId(ups)), role)
                .forEach(signal -> shown.put(signal, new Value.Flag(isSet)));
        return this;
    }

    /** From now on this flag of a breaker says so. */
    Watch show(BreakerId breaker, Role role, boolean isSet) {
        SIGNALS.of(new Subject.OfBreaker(breaker), role)
                .forEach(signal -> shown.put(signal, new Value.Flag(isSet)));
        return this;
    }

    /** The lowest cell of a rack falls 0.16 V under the average. */
    Watch sag(String rack) {
        return show(rack + "-bms.CellVMin", 3.94);
    }

    /** The off-gas relay of the second rack. */
    Watch gas(RoomId room, boolean isSet) {
        return show(room + "-offgas.di2", isSet);
    }

    Watch smoke(RoomId room, boolean isSet) {
        return show(room + "-smoke1.fire1", isSet);
    }

    /** Gas and smoke: enough for a room to be FAILING some seconds later. */
    Watch burn(RoomId room) {
        return gas(room, true).smoke(room, true);
    }

    /** From now on these are silent; nothing is, if none. */
    Watch dark(Predicate<Signal> which) {
        isDark = which;
        return this;
    }

    /** All about one breaker. */
    static Predicate<Signal> about(BreakerId breaker) {
        return signal -> signal.of().equals(new Subject.OfBreaker(breaker));
    }

    /** What becomes of the next acts on a breaker; after these it opens. */
    Watch fate(BreakerId breaker, Fate... next) {
        fates.put(breaker, new ArrayDeque<>(List.of(next)));
        return this;
    }

    /** By whatever hand. */
    Watch open(BreakerId breaker) {
        open.add(breaker);
        return this;
    }

    Watch close(BreakerId breaker) {
        open.remove(breaker);
        return this;
    }

    Watch say(Command command) {
        hear(new Input.Person(now(), "kim", "drill", command));
        return this;
    }

    Watch approve(RoomId room) {
        PlanId plan = isolation(room).plan().id();
        return say(new Command.Approve(plan));
    }

    Watch journalIs(boolean isWritable) {
        hear(new Input.JournalState(now(), isWritable, "no space left on device"));
        return this;
    }

    /** Goes on until the journal holds so many events, and dies of it. */
    Watch dieWith(int events) {
        dyingAt = events;
        for (int second = 0; second < 600; second++) {
            try {
                cycle(Duration.ofSeconds(1));
            } catch (Died _) {
                dyingAt = Integer.MAX_VALUE;
                journal.subList(events, journal.size()).clear();
                return this;
            }
        }
        throw new AssertionError("only " + journal.size() + " events, not " + events);
    }

    /** As if the journal had ended after so many events. */
    Watch forget(int events) {
        journal.subList(events, journal.size()).clear();
        return this;
    }

    /**
     * Another agent starts on what the journal holds.
     *
     * @param opened whether acts that were sent, and whose end nobody heard, opened their breaker
     */
    Watch restart(boolean opened) {
        List<Intent> sent = sent();
        intents.retainAll(sent);
        inHand.retainAll(sent);
        if (opened) {
            inHand.forEach(intent -> open.add(intent.breaker()));
        }
        inHand.clear();
        board.begin(now().plusSeconds(3));
        state = judge.start(now());
        hear(new Input.Recovered(now(), journal()));
        return this;
    }

    /** The acts that the journal knows of; no other was sent. */
    List<Intent> sent() {
        List<IntentId> written = heard(Event.Intended.class).map(Event.Intended::intent).toList();
        return intents.stream().filter(intent -> written.contains(intent.id())).toList();
    }

    /** The breaker of the act that was sent and whose end nobody heard. */
    Optional<BreakerId> unheard() {
        return inHand.stream().filter(sent()::contains).map(Intent::breaker).findFirst();
    }

    Instant now() {
        return board.now();
    }

    State state() {
        return state;
    }

    /** All that was said, since the beginning. */
    List<Event> journal() {
        return List.copyOf(journal);
    }

    /** All acts wanted, since the beginning. */
    List<Intent> intents() {
        return List.copyOf(intents);
    }

    List<BreakerId> wanted() {
        return intents.stream().map(Intent::breaker).toList();
    }

    <E extends Event> Stream<E> heard(Class<E> kind) {
        return journal.stream().filter(kind::isInstance).map(kind::cast);
    }

    <E extends Event> E last(Class<E> kind) {
        return heard(kind)
                .reduce((_, later) -> later)
                .orElseThrow(() -> new AssertionError("no " + kind.getSimpleName()));
    }

    Isolation isolation(RoomId room) {
        return state.isolation(room).orElseThrow(() -> new AssertionError("nothing is planned"));
    }

    Optional<Isolation.Phase> phase(RoomId room) {
        return state.isolation(room).map(Isolation::phase);
    }
}
