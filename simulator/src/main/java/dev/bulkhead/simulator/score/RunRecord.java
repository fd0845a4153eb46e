package dev.bulkhead.simulator.score;

import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.HallId;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.RoomId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One run of a scenario under one policy, as it is told and scored. Words and numbers only: nothing
 * here is a type of the agent, so that it can be judged without sharing its mistakes.
 *
 * @param rooms that fail, were taken to fail or were tripped, in the order in which they were found
 * @param acted how far anybody watched and acted; after that the plant went on by itself
 * @param truth what really happened, by the plant, in order
 * @param decisions what was found, decided and done, in order
 * @param supply of every hall, in the order of the site
 * @param traces measured or true values worth seeing beside the events
 * @param telemetry what became of every sample; empty where none was published
 * @param watch how an agent watched; empty without one
 * @param film what the battery rooms looked like
 */
public record RunRecord(
        Policy policy,
        Conduct conduct,
        List<OfRoom> rooms,
        Instant start,
        Instant acted,
        List<Truth> truth,
        List<Decision> decisions,
        List<HallSupply> supply,
        List<Trace> traces,
        Ledger ledger,
        Optional<Telemetry> telemetry,
        Optional<Watch> watch,
        Film film) {

    /** The kind of the decision that sends a command to a breaker. */
    public static final String TRIP = "trip";

    public RunRecord {
        rooms = List.copyOf(rooms);
        truth = List.copyOf(truth);
        decisions = List.copyOf(decisions);
        supply = List.copyOf(supply);
        traces = List.copyOf(traces);
    }

    /**
     * What was found, decided and shown of one battery room.
     *
     * @param evidence what the finding that it fails stood on
     * @param plan the last that was made for it
     */
    public record OfRoom(
            RoomId room,
            Outcome outcome,
            List<Evidence> evidence,
            Optional<PlanMade> plan,
            Optional<ProofShown> proof) {
        public OfRoom {
            evidence = List.copyOf(evidence);
            if ((outcome == Outcome.ISOLATED) != proof.isPresent()) {
                throw new IllegalArgumentException(outcome + " with proof " + proof);
            }
        }

        /** A room of which nobody made a plan. */
        public static OfRoom without(RoomId room, Outcome outcome) {
            return new OfRoom(room, outcome, List.of(), Optional.empty(), Optional.empty());
        }
    }

    /** Where it began to fail; empty where no room did. */
    public Optional<RoomId> room() {
        return first().map(OfRoom::room);
    }

    Optional<OfRoom> first() {
        return rooms.stream().findFirst();
    }

    /** How it ended in the room where it ended worst. */
    public Outcome outcome() {
        return rooms.stream().map(OfRoom::outcome).max(Outcome::compareTo).orElse(Outcome.NONE);
    }

    /** How it ended in a room. */
    Outcome outcome(RoomId of) {
        return rooms.stream()
                .filter(each -> each.room().equals(of))
                .map(OfRoom::outcome)
                .findFirst()
                .orElse(Outcome.NONE);
    }

    /** The proof for the room where it began. */
    public Optional<ProofShown> proof() {
        return first().flatMap(OfRoom::proof);
    }

    /** When the last of all rooms was proven isolated; empty if one was not. */
    Optional<Instant> provenAt() {
        return rooms.stream().allMatch(each -> each.proof().isPresent())
                ? rooms.stream()
                        .flatMap(each -> each.proof().stream())
                        .map(ProofShown::at)
                        .max(Instant::compareTo)
                : Optional.empty();
    }

    /** The same run with what became of its samples, and what the store has of those that voted. */
    public RunRecord told(Telemetry by, List<Trace> stored) {
        var all = new ArrayList<>(traces);
        all.addAll(stored);
        return new RunRecord(
                policy,
                conduct,
                rooms,
                start,
                acted,
                truth,
                decisions,
                supply,
                all,
                ledger,
                Optional.of(by),
                watch,
                film);
    }

    /**
     * How an agent watched.
     *
     * @param alarms how often an alarm was annunciated
     * @param pollsDue polls that were asked, and those left out because one before was still
     *     waiting
     * @param pollsAnswered polls that were answered in time and could be read; where nobody
     *     counted, both are 0
     */
    public record Watch(int alarms, long pollsDue, long pollsAnswered) {}

    /**
     * What really happened.
     *
     * @param kind in one or two words, as in "internal short", "vent", "first flame"
     * @param isChief it stands in the drawing too, not only in the list
     */
    public record Truth(
            Instant at, String kind, Optional<RoomId> room, boolean isChief, String text) {}

    /**
     * What was found, decided or done.
     *
     * @param kind in one or two words, as in "FAILING", "planned", "trip", "open", "ISOLATED"
     */
    public record Decision(
            Instant at,
            Stage stage,
            String kind,
            Optional<RoomId> room,
            Optional<BreakerId> breaker,
            String text) {}

    /** Where on the way from reading to proof a decision stands. */
    public enum Stage {
        /** Alarms, votes and levels. */
        DETECTION,
        /** Plans, approvals, refusals. */
        DECISION,
        /** Commands to breakers and what reading back showed. */
        BREAKER,
        /** Isolated, not proven, failed. */
        PROOF
    }

    /**
     * One vote.
     *
     * @param kind of evidence: gas, voltage, smoke …
     * @param text the readings with units and limit
     */
    public record Evidence(
            Instant since, String kind, String of, String device, String gateway, String text) {}

    /** The plan that was made for the room. */
    public record PlanMade(
            String id,
            Instant at,
            boolean isAutomatic,
            String why,
            List<StepDone> steps,
            int lossThroughZone,
            int lossElsewhere,
            List<String> interlocks,
            List<String> rejected) {
        public PlanMade {
            steps = List.copyOf(steps);
            interlocks = List.copyOf(interlocks);
            rejected = List.copyOf(rejected);
        }

        public long confirmedSteps() {
            return steps.stream().filter(step -> step.confirmedAt().isPresent()).count();
        }
    }

    /**
     * A step and what came of it.
     *
     * @param commandedAt when its intent was durable and it was sent
     * @param confirmedAt when reading back showed it open
     * @param result "open", or why not
     */
    public record StepDone(
            int number,
            BreakerId breaker,
            String why,
            Optional<Instant> commandedAt,
            Optional<Instant> confirmedAt,
            String result) {}

    /** What showed that the room is dead, and what in it is not. */
    public record ProofShown(
            Instant at,
            List<OpenBreaker> positions,
            List<DeadBusbar> busbars,
            List<String> supporting,
            List<String> staysLive) {
        public ProofShown {
            positions = List.copyOf(positions);
            busbars = List.copyOf(busbars);
            supporting = List.copyOf(supporting);
            staysLive = List.copyOf(staysLive);
            if (positions.isEmpty() || busbars.isEmpty()) {
                throw new IllegalArgumentException(
                        "positions and busbars prove; " + positions + " and " + busbars + " don't");
            }
        }
    }

    /** A breaker that read open. */
    public record OpenBreaker(BreakerId breaker, Instant requestedAt) {}

    /** A busbar whose own transducer read dead. */
    public record DeadBusbar(NodeId busbar, double volts, Instant requestedAt) {}

    /** How a hall was fed over time; the spans follow each other without a gap. */
    public record HallSupply(HallId hall, int servers, List<Fed> spans) {
        public HallSupply {
            spans = List.copyOf(spans);
        }
    }

    /**
     * How a hall was fed for a while.
     *
     * @param serversOff how many of its servers had no supply
     */
    public record Fed(Stretch stretch, Feed feed, int serversOff) {}

    /** How well a hall is fed; the worst of its racks counts. */
    public enum Feed {
        /** Every cord is alive. */
        TWO_SOURCES,
        /** Some cords are dead, and no server is off. */
        ONE_SOURCE,
        /** Some or all servers are off. */
        OFF
    }

    /**
     * A value over time.
     *
     * @param label what it is of, and behind the last blank, where it is stored, which of its
     *     values
     * @param origin where it was taken
     * @param limit at which it begins to speak
     */
    public record Trace(
            String label, String unit, Origin origin, OptionalDouble limit, List<Sample> samples) {
        public Trace {
            samples = List.copyOf(samples);
        }
    }

    /** Where a value was taken. */
    public enum Origin {
        /** In the plant: no device shows it. */
        TRUTH("true value, unseen"),
        /** At a device, as it shows it. */
        SENSOR("at the sensor"),
        /** In the store, at the end of the whole way. */
        STORE("as stored");

        private final String words;

        Origin(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /** One point of a trace. */
    public record Sample(Instant at, double value) {
        public Sample {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("not a sample: " + value);
            }
        }
    }
}
