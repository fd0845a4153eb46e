package dev.bulkhead.simulator.lab;

import dev.bulkhead.agent.AgentFile;
import dev.bulkhead.agent.journal.MemoryJournal;
import dev.bulkhead.rules.Event;
import dev.bulkhead.rules.guard.Arming;
import dev.bulkhead.simulator.Facility;
import dev.bulkhead.simulator.plant.Plant;
import dev.bulkhead.simulator.scenario.Life;
import dev.bulkhead.simulator.scenario.RandomLife;
import dev.bulkhead.simulator.score.PlantTime;
import dev.bulkhead.simulator.terminal.Timeline;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Random lives of one facility, one after the other by their numbers, several at a time. Life
 * {@code n} of seed {@code s} is always the same, whoever plays it and beside what.
 */
public final class Lives {
    /** Long enough for slow trouble, short enough that a surprise is soon seen again. */
    static final Duration LENGTH = Duration.ofHours(6);

    /** Spreads the numbers of lives over all seeds; the golden ratio's, as SplittableRandom's. */
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private final Facility facility;
    private final AgentFile.Configuration configuration;
    private final long seed;
    private final Duration length;

    public Lives(Facility facility, AgentFile.Configuration configuration, long seed) {
        this(facility, configuration, seed, LENGTH);
    }

    Lives(Facility facility, AgentFile.Configuration configuration, long seed, Duration length) {
        this.facility = facility;
        this.configuration = configuration;
        this.seed = seed;
        this.length = length;
    }

    /** Plays lives from number 0 on until together they are as long as that. */
    public void play(Duration hours, int atOnce, Consumer<Lived> told) throws InterruptedException {
        try (var workers = Executors.newFixedThreadPool(atOnce)) {
            Deque<Future<Lived>> underway = new ArrayDeque<>();
            long next = 0;
            var lived = Duration.ZERO;
            while (lived.compareTo(hours) < 0) {
                while (underway.size() < 2 * atOnce) {
                    long number = next++;
                    underway.add(workers.submit(() -> play(number, _ -> {})));
                }
                Lived first = underway.remove().get();
                lived = lived.plus(first.length());
                told.accept(first);
            }
            workers.shutdownNow();
        } catch (ExecutionException bug) {
            throw new IllegalStateException(bug);
        }
    }

    Life draw(long number) {
        return RandomLife.draw(facility.site(), facility.profiles(), seedOf(number), length);
    }

    /** Mixed, so that neighbouring lives have nothing in common. */
    private long seedOf(long number) {
        return new SplittableRandom(seed + GOLDEN_GAMMA * number).nextLong();
    }

    /** Plays one life and tells what was drawn and what the agent said. */
    public Lived replay(long number, Timeline timeline) {
        timeline.say("drawn:");
        draw(number).spells().stream()
                .sorted(Comparator.comparing(Life.Spell::from))
                .forEach(
                        spell ->
                                timeline.say(
                                        "  "
                                                + PlantTime.of(spell.from())
                                                + spell.until()
                                                        .map(to -> " to " + PlantTime.of(to))
                                                        .orElse("")
                                                + " "
                                                + spell.text()));
        draw(number)
                .scenario()
                .forEachDeath((at, _) -> timeline.say("  " + PlantTime.of(at) + " agent killed"));
        timeline.say("");
        var show = new Show(timeline, facility.site(), 1);
        Lived lived = play(number, show::event);
        timeline.end();
        return lived;
    }

    /**
     * Plays one life.
     *
     * @param audience hears the agent's events as they become durable
     */
    Lived play(long number, Consumer<Event> audience) {
        Life life = draw(number);
        Lived lived = play(number, life, audience);
        return lived.excused().isEmpty()
                ? lived
                : lived.heldAgainst(play(number, life.fireAlone(), _ -> {}));
    }

    private Lived play(long number, Life life, Consumer<Event> audience) {
        var stage =
                new Stage(
                        Path.of("life-" + number),
                        life.scenario(),
                        facility,
                        List.of(),
                        Optional.empty());
        var journal = new MemoryJournal();
        Plant plant = Campaign.plantOf(stage, seedOf(number));
        var watch =
                new LifeWatch(
                        life,
                        configuration.facility().signals(),
                        new Arming(configuration.settings().armed()),
                        plant);
        var campaign =
                new Campaign(stage, configuration, seedOf(number), plant, journal, audience, watch);
        Instant acted;
        try {
            acted = campaign.play().acted();
        } catch (RuntimeException bug) {
            watch.broke(bug);
            acted = plant.now();
        }
        return watch.ended(number, acted, journal.past());
    }
}
