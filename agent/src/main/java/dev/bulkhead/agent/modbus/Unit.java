package dev.bulkhead.agent.modbus;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.Profile.Block;
import dev.bulkhead.rules.profile.Profile.Rate;
import dev.bulkhead.rules.profile.Profile.Table;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Sample;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** One device on a link: its blocks, when each is due, and how it has been doing. */
final class Unit {
    /** One block and its place on the grid of its interval. */
    static final class Slot {
        private final int block;
        private final Rate rate;
        private final Exchange read;
        private final Instant origin;
        private final Duration interval;
        private final Duration silenceAfter;
        private Instant due;
        private Instant lastHeard = Instant.EPOCH;
        private int failures;
        private boolean isSilent;

        Slot(int block, Rate rate, Exchange read, Instant origin, LinkTimings timings) {
            this.block = block;
            this.rate = rate;
            this.read = read;
            this.origin = origin;
            this.due = origin;
            // A block that is read once per connection is asked for again only while it fails.
            this.interval = rate == Rate.FAST ? timings.fastInterval() : timings.slowInterval();
            this.silenceAfter =
                    rate == Rate.FAST
                            ? timings.silenceAfter()
                            : timings.silenceAfter().plus(timings.slowInterval());
        }

        int block() {
            return block;
        }

        Exchange read() {
            return read;
        }

        Instant due() {
            return due;
        }

        /** Takes this block's turn; how many turns were missed before. */
        private long takeTurn(Instant now) {
            long late = rate == Rate.ONCE ? 0 : Duration.between(due, now).toNanos();
            due = rate == Rate.ONCE ? Instant.MAX : nextOnGrid(now);
            return Math.max(0, late / interval.toNanos());
        }

        private Instant nextOnGrid(Instant now) {
            long turns = Math.floorDiv(Duration.between(origin, now).toNanos(), interval.toNanos());
            return origin.plus(interval.multipliedBy(Math.max(0, turns + 1)));
        }

        /** Ready for a turn now, without having missed any. */
        private void excuse(Instant now) {
            if (due.isBefore(now)) {
                due = now;
            }
        }

        private boolean isSilentAlone() {
            return rate != Rate.ONCE;
        }

        private Instant silentAt(Instant start) {
            return later(lastHeard, start).plus(silenceAfter);
        }
    }

    private final Device device;
    private final Decoder decoder;
    private final LinkTimings timings;
    private final Instant start;
    private final List<Slot> slots;
    private final Map<Integer, BreakerId> coils;
    private Instant lastHeard = Instant.EPOCH;
    private Instant notBefore = Instant.EPOCH;
    private int failures;
    private long samples;
    private boolean isLost;
    private String reason = "it was never asked";

    private Unit(
            Device device,
            Decoder decoder,
            LinkTimings timings,
            Instant start,
            List<Slot> slots,
            Map<Integer, BreakerId> coils) {
        this.device = device;
        this.decoder = decoder;
        this.timings = timings;
        this.start = start;
        this.slots = slots;
        this.coils = coils;
    }

    /**
     * The units of a link, in order. Their fast polls are spread evenly over the fast interval,
     * unit by unit, and all slow blocks over the slow one, so that no instant asks for everything.
     */
    static List<Unit> onLink(
            List<Device> devices,
            List<Profile> profiles,
            SignalTable signals,
            LinkTimings timings,
            Instant start) {
        long slow = profiles.stream().mapToLong(Unit::slowBlocks).sum();
        long slowBefore = 0;
        var units = new ArrayList<Unit>();
        for (int i = 0; i < devices.size(); i++) {
            Device device = devices.get(i);
            Profile profile = profiles.get(i);
            var slots = new ArrayList<Slot>();
            for (int block = 0; block < profile.blocks().size(); block++) {
                Block each = profile.blocks().get(block);
                Duration phase =
                        switch (each.rate()) {
                            case FAST -> part(timings.fastInterval(), i, devices.size());
                            case SLOW -> part(timings.slowInterval(), slowBefore++, slow);
                            case ONCE -> Duration.ZERO;
                        };
                slots.add(
                        new Slot(
                                block,
                                each.rate(),
                                read(device, each),
                                start.plus(phase),
                                timings));
            }
            units.add(
                    new Unit(
                            device,
                            new Decoder(device, profile, signals),
                            timings,
                            start,
                            List.copyOf(slots),
                            coilsOf(device, profile)));
        }
        return List.copyOf(units);
    }

    private static long slowBlocks(Profile profile) {
        return profile.blocks().stream().filter(block -> block.rate() == Rate.SLOW).count();
    }

    private static Duration part(Duration whole, long number, long of) {
        return whole.multipliedBy(number).dividedBy(of);
    }

    private static Exchange read(Device device, Block block) {
        return block.table() == Table.HOLDING || block.table() == Table.INPUT
                ? new Exchange.ReadRegisters(
                        device.unit(), block.table(), block.address(), block.count())
                : new Exchange.ReadBits(
                        device.unit(), block.table(), block.address(), block.count());
    }

    /** Which breaker each of the device's coils acts on: the member its item stands for. */
    private static Map<Integer, BreakerId> coilsOf(Device device, Profile profile) {
        var coils = new HashMap<Integer, BreakerId>();
        for (Profile.Group group : profile.groups()) {
            for (int item = 0; item < Math.min(group.count(), device.members().size()); item++) {
                if (device.members().get(item) instanceof Subject.OfBreaker(BreakerId breaker)) {
                    int shift = item * group.coilStride();
                    group.outputs().forEach(output -> coils.put(output.address() + shift, breaker));
                }
            }
        }
        return coils;
    }

    Device device() {
        return device;
    }

    boolean hasCoil(int address, BreakerId breaker) {
        return breaker.equals(coils.get(address));
    }

    Optional<String> problem() {
        return decoder.problem();
    }

    /** What must be read on this connection before anything else is asked or written. */
    Optional<Slot> first() {
        return decoder.firstUnread().map(slots::get);
    }

    /** The block that has been due longest. */
    Optional<Slot> earliest() {
        return slots.stream().min(Comparator.comparing(Slot::due));
    }

    /** When this unit wants to be asked next. */
    Instant wanted() {
        return earliest().map(slot -> later(slot.due(), notBefore)).orElse(Instant.MAX);
    }

    /** There was no connection to be had: the turns that passed meanwhile were not missed. */
    void excuse(Instant now) {
        slots.forEach(slot -> slot.excuse(now));
    }

    /** What was heard on the connection that ended proves nothing on the next one. */
    void forget() {
        decoder.forget();
    }

    /** Takes a block's turn; how many turns it missed while nothing was wrong. */
    long takeTurn(Slot slot, Instant now) {
        long missed = slot.takeTurn(now);
        return failures == 0 && slot.failures == 0 ? missed : 0;
    }

    /**
     * A block was answered; with how long the device was away, if it was lost. A device that only
     * says who it is isn't back: what is read once per connection ends no outage.
     */
    Optional<Duration> heard(Slot slot, Instant now) {
        slot.lastHeard = now;
        slot.failures = 0;
        slot.isSilent = false;
        if (!slot.isSilentAlone()) {
            return Optional.empty();
        }
        boolean wasLost = isLost;
        Duration outage = Duration.between(later(lastHeard, start), now);
        if (failures > 0 || isLost) {
            resume(failures > 1 || isLost, now);
        }
        isLost = false;
        failures = 0;
        notBefore = Instant.EPOCH;
        lastHeard = now;
        return wasLost ? Optional.of(outage) : Optional.empty();
    }

    /**
     * Blocks don't wait out a back-off that the whole unit caused, nor did they miss their turns.
     */
    private void resume(boolean wasAway, Instant now) {
        for (Slot slot : slots) {
            if (wasAway && (slot.isSilent || slot.failures > 0)) {
                slot.failures = 0;
                slot.due = now;
            }
            slot.excuse(now);
        }
    }

    Sample answered(Slot slot, Image image, Instant requestedAt, Instant now) {
        long of = ++samples;
        List<Observation> readings = decoder.answered(slot.block, image, requestedAt, of);
        if (slot.rate == Rate.ONCE && decoder.problem().isPresent()) {
            slot.due = now.plus(slot.interval);
        }
        return new Sample(device.id(), of, requestedAt, readings);
    }

    Sample refused(Slot slot, String why, Instant requestedAt, Instant now) {
        if (slot.rate == Rate.ONCE) {
            slot.due = now.plus(slot.interval);
        }
        long of = ++samples;
        return new Sample(
                device.id(), of, requestedAt, decoder.refused(slot.block, why, requestedAt, of));
    }

    /**
     * A block was not answered. The unit as a whole waits, so that a dead one costs its neighbours
     * one time-out per wait, and the block by itself, so that one bad block doesn't cost the unit's
     * good ones theirs.
     */
    void failed(Slot slot, String why, Instant now) {
        failures++;
        slot.failures++;
        reason = why;
        notBefore = now.plus(timings.backoff(timings.fastInterval(), failures));
        slot.due = later(slot.due.equals(Instant.MAX) ? now : slot.due, now.plus(backoff(slot)));
        decoder.forget();
    }

    private Duration backoff(Slot slot) {
        return timings.backoff(
                slot.rate == Rate.SLOW ? timings.slowInterval() : timings.fastInterval(),
                slot.failures);
    }

    void noLink(String why) {
        reason = why;
    }

    /** The readings of what has just become silent. */
    List<Observation> silence(Instant now) {
        var readings = new ArrayList<Observation>();
        for (Slot slot : slots) {
            if (slot.isSilentAlone() && !slot.silentAt(start).isAfter(now)) {
                readings.addAll(silence(slot, now));
            }
        }
        return readings;
    }

    private List<Observation> silence(Slot slot, Instant now) {
        if (slot.isSilent) {
            return List.of();
        }
        slot.isSilent = true;
        return decoder.silent(slot.block, now, slot.lastHeard);
    }

    /** Whether every block has just become silent; if so, this is said once. */
    boolean isNewlyLost() {
        return !isLost
                && slots.stream().anyMatch(Slot::isSilentAlone)
                && slots.stream().filter(Slot::isSilentAlone).allMatch(slot -> slot.isSilent);
    }

    /** Lost: blocks that are read once go silent with the rest. */
    List<Observation> lose(Instant now) {
        isLost = true;
        return slots.stream().flatMap(slot -> silence(slot, now).stream()).toList();
    }

    String reason() {
        return reason;
    }

    /** When the next block becomes silent if nothing is heard. */
    Optional<Instant> silentAt() {
        Stream<Slot> talking =
                slots.stream().filter(slot -> slot.isSilentAlone() && !slot.isSilent);
        return talking.map(slot -> slot.silentAt(start)).min(Comparator.naturalOrder());
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
