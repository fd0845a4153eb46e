package dev.bulkhead.agent.modbus;

import dev.bulkhead.rules.profile.Chain;
import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.Profile.Block;
import dev.bulkhead.rules.profile.Profile.Extent;
import dev.bulkhead.rules.profile.Profile.Rate;
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
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/** One device on a link: its blocks, when each is due, and how it has been doing. */
final class Unit {
    /** One request and its place on the grid of its interval. */
    static final class Slot {
        private final Block block;
        private final BlockParts parts;
        private final Rate rate;
        private final Exchange read;
        private final Instant origin;
        private final Duration interval;
        private final Duration silenceAfter;
        private Instant due;
        private Instant lastHeard = Instant.EPOCH;
        private Optional<Instant> lastRequestedAt = Optional.empty();
        private int failures;
        private boolean isSilent;
        private String refusal = "";
        private Instant divideAfter = Instant.EPOCH;

        Slot(Block block, BlockParts parts, Exchange read, Instant origin, LinkTimings timings) {
            this.block = block;
            this.parts = parts;
            this.rate = block.rate();
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

        Exchange read() {
            return read;
        }

        /** Whether it is read again and again, and not once on each connection. */
        boolean isRepeated() {
            return rate != Rate.ONCE;
        }

        /**
         * Since when, or from when, this block waits for its turn: not yet while it was being
         * answered, or else a slow device would go before neighbours that were due meanwhile.
         */
        Instant wanted() {
            return later(due, lastHeard);
        }

        /** Takes this block's turn; how many turns were missed before. */
        private long takeTurn(Instant now) {
            long late = rate == Rate.ONCE ? 0 : Duration.between(due, now).toNanos();
            due = rate == Rate.ONCE ? Instant.MAX : nextOnGrid(now);
            return Math.max(0, late / interval.toNanos());
        }

        /** It was answered; how long after the poll before, if there was one, it was asked. */
        private Optional<Duration> interval(Instant requestedAt) {
            Optional<Duration> interval =
                    lastRequestedAt.map(before -> Duration.between(before, requestedAt));
            lastRequestedAt = Optional.of(requestedAt);
            return interval;
        }

        private Instant nextOnGrid(Instant now) {
            long turns = Math.floorDiv(Duration.between(origin, now).toNanos(), interval.toNanos());
            return origin.plusNanos(interval.toNanos() * Math.max(0, turns + 1));
        }

        /** Ready for a turn now, without having missed any. */
        private void excuse(Instant now) {
            if (due.isBefore(now)) {
                due = now;
            }
        }

        /** What is read once is never late, nor what is refused and told with its neighbours. */
        private boolean isSilentAlone() {
            return isRepeated() && !isBad();
        }

        private boolean isSuspect() {
            return parts.isSuspect(block);
        }

        private boolean isBad() {
            return parts.isBad(block);
        }

        private Instant silentAt(Instant start) {
            return later(lastHeard, start).plus(silenceAfter);
        }
    }

    /**
     * The models of a SunSpec device are being looked for.
     *
     * @param misfit what the last look, or the device since, showed to be wrong: until something is
     *     due again there is no use in asking
     */
    private record Look(SunSpecWalk.Asking walk, Slot slot, Optional<String> misfit) {}

    private final Device device;
    private final Profile profile;
    private final SignalTable signals;
    private final Set<String> wanted;
    private final LinkTimings timings;
    private final Instant start;
    private final Map<Integer, BreakerId> coils;
    private final Refusals refusals;
    private final List<LinkNews> news = new ArrayList<>();
    private final HeldPolls held = new HeldPolls();
    private final List<Sample> unproved = new ArrayList<>();
    private final Optional<Pulse> pulse;
    private Profile layout;
    private Decoder decoder;
    private Optional<Look> look = Optional.empty();
    private List<Slot> slots;
    private Instant lastHeard = Instant.EPOCH;
    private Instant notBefore = Instant.EPOCH;
    private Instant owesUntil = Instant.EPOCH;
    private int failures;
    private long samples;
    private boolean isLost;
    private Optional<Instant> unprovedSince = Optional.empty();
    private String reason = "it was never asked";

    private Unit(
            Device device,
            Profile profile,
            SignalTable signals,
            LinkTimings timings,
            Instant start,
            Set<String> wanted,
            Profile layout,
            List<Slot> slots) {
        this.device = device;
        this.profile = profile;
        this.signals = signals;
        this.wanted = wanted;
        this.timings = timings;
        this.start = start;
        this.layout = layout;
        this.refusals = new Refusals(device.id());
        this.pulse = Decoder.pulse(profile);
        this.decoder = new Decoder(device, layout, signals, pulse);
        this.slots = slots;
        this.coils = coilsOf(device, profile);
        forget();
    }

    /**
     * The units of a link, in order. Their fast polls are spread evenly over the fast interval,
     * unit by unit, and all slow blocks over the slow one, so that no instant asks for everything.
     *
     * @param areSpread false where the link is opened for each poll: then all is asked in one go
     */
    static List<Unit> onLink(
            List<Device> devices,
            List<Profile> profiles,
            SignalTable signals,
            LinkTimings timings,
            boolean areSpread,
            Instant start) {
        List<Set<String>> wanted =
                devices.stream().map(device -> signals.pointsOf(device.id())).toList();
        List<Profile> layouts =
                IntStream.range(0, devices.size())
                        .mapToObj(i -> Chain.asWritten(profiles.get(i), wanted.get(i)))
                        .toList();
        long slow = layouts.stream().mapToLong(Unit::slowBlocks).sum();
        long slowBefore = 0;
        var units = new ArrayList<Unit>();
        for (int i = 0; i < devices.size(); i++) {
            Device device = devices.get(i);
            Profile layout = layouts.get(i);
            var slots = new ArrayList<Slot>();
            for (Block each : layout.blocks()) {
                Duration phase =
                        switch (each.rate()) {
                            case FAST -> part(timings.fastInterval(), i, devices.size());
                            case SLOW -> part(timings.slowInterval(), slowBefore++, slow);
                            case ONCE -> Duration.ZERO;
                        };
                slots.add(
                        new Slot(
                                each,
                                new BlockParts(each, layout.indivisible()),
                                Exchange.read(device.unit(), each),
                                areSpread ? start.plus(phase) : start,
                                timings));
            }
            units.add(
                    new Unit(
                            device,
                            profiles.get(i),
                            signals,
                            timings,
                            start,
                            wanted.get(i),
                            layout,
                            List.copyOf(slots)));
        }
        return List.copyOf(units);
    }

    private static long slowBlocks(Profile profile) {
        return profile.blocks().stream().filter(block -> block.rate() == Rate.SLOW).count();
    }

    private static Duration part(Duration whole, long number, long of) {
        return whole.multipliedBy(number).dividedBy(of);
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
        return look.isPresent()
                ? look.get().misfit().or(() -> Optional.of("its models were not read"))
                : decoder.problem();
    }

    /** What must be read on this connection before anything else is asked or written. */
    Optional<Slot> first() {
        if (look.isPresent()) {
            return look.filter(it -> it.misfit().isEmpty()).map(Look::slot);
        }
        return decoder.firstUnread()
                .flatMap(
                        block ->
                                slots.stream()
                                        .filter(slot -> slot.block.equals(block))
                                        .findFirst());
    }

    /** What to ask for now, of a unit that wants to be asked. */
    Optional<Slot> next(Instant now) {
        return look.map(Look::slot).or(this::first).or(() -> due(now));
    }

    /** What has been due longest; what is only looked for waits for what is known to be there. */
    private Optional<Slot> due(Instant now) {
        Optional<Slot> first = Optional.empty();
        for (Slot slot : slots) {
            if (!slot.wanted().isAfter(now)
                    && first.filter(it -> !turn(slot, slot).isBefore(turn(it, it))).isEmpty()) {
                first = Optional.of(slot);
            }
        }
        return first;
    }

    /** When this unit wants to be asked next. */
    Instant wanted() {
        Instant wanted = Instant.MAX;
        for (Slot slot : slots) {
            wanted = earlier(wanted, slot.wanted());
        }
        return later(wanted, later(notBefore, owesUntil));
    }

    /** Of units that want to be asked, the one whose turn it is comes first. */
    static Comparator<Unit> byTurn(Instant now) {
        return Comparator.comparing(
                unit -> unit.turn(unit.next(now).orElseThrow(), unit.due(now).orElseThrow()));
    }

    /**
     * When it is a request's turn. The way to a device's models goes step by step, each waiting for
     * its turn from the one before. What is only looked for, or for once more, is asked in the time
     * that others leave, but on a link that has none to spare not later than a failing unit would
     * be.
     */
    private Instant turn(Slot asked, Slot due) {
        Instant since = isOfLook(asked) ? later(due.wanted(), asked.wanted()) : due.wanted();
        Instant wanted = later(since, notBefore);
        boolean isLookedFor = asked.isSuspect() || asked.isBad();
        return isLookedFor ? wanted.plus(timings.backoffCap()) : wanted;
    }

    /**
     * It was asked something and has not answered. What it says until then is not taken for the
     * answer to a new question, since there is none.
     */
    void owesAnAnswerUntil(Instant until) {
        owesUntil = until;
    }

    boolean owesAnAnswer(Instant now) {
        return now.isBefore(owesUntil);
    }

    /** There was no connection to be had: the turns that passed meanwhile were not missed. */
    void excuse(Instant now) {
        slots.forEach(slot -> slot.excuse(now));
    }

    /** What was heard on the connection that ended proves nothing on the next one. */
    void forget() {
        decoder.forget();
        drop();
        if (!profile.models().isEmpty()) {
            lookFor(SunSpecWalk.begin(), start, Optional.empty());
        }
    }

    private void lookFor(SunSpecWalk.Asking walk, Instant lastHeard, Optional<String> misfit) {
        Slot slot = newSlot(walk.block(), List.of(), start);
        slot.lastHeard = lastHeard;
        look = Optional.of(new Look(walk, slot, misfit));
    }

    private boolean isOfLook(Slot slot) {
        return look.filter(it -> it.slot() == slot).isPresent();
    }

    private List<Sample> looked(SunSpecWalk next, Instant requestedAt, Instant now) {
        List<Sample> told =
                switch (next) {
                    case SunSpecWalk.Asking asking -> {
                        lookFor(asking, now, Optional.empty());
                        yield List.of();
                    }
                    case SunSpecWalk.Lost(String reason) -> misfit(reason, requestedAt, now);
                    case SunSpecWalk.Walked(Chain chain) ->
                            switch (chain.fit(profile, wanted)) {
                                case Chain.Fit.Fits(Profile found, var _) -> {
                                    lay(found, now);
                                    yield List.of();
                                }
                                case Chain.Fit.Misfit(String reason) ->
                                        misfit(reason, requestedAt, now);
                            };
                };
        tellProof(requestedAt);
        return told;
    }

    /** From now on the device is read where it has its models. */
    private void lay(Profile found, Instant now) {
        look = Optional.empty();
        decoder = new Decoder(device, found, signals, pulse);
        if (!found.blocks().equals(layout.blocks())) {
            List<Slot> before = slots;
            slots =
                    found.blocks().stream()
                            .map(block -> inPlaceOf(before, block, found.indivisible(), now))
                            .toList();
            refusals.forget();
        }
        layout = found;
        decoder.readBy(slots.stream().map(slot -> slot.block).toList());
    }

    /**
     * A block in the place of those that were read as often; it was heard when all of them were.
     */
    private Slot inPlaceOf(List<Slot> before, Block block, List<Extent> indivisible, Instant now) {
        List<Slot> asOften = before.stream().filter(slot -> slot.rate == block.rate()).toList();
        List<Slot> alike = asOften.isEmpty() ? before : asOften;
        Slot slot = newSlot(block, indivisible, alike.getFirst().origin);
        slot.due = now;
        slot.lastHeard = earliest(alike, each -> each.lastHeard);
        slot.isSilent = alike.stream().allMatch(each -> each.isSilent);
        return slot;
    }

    private Slot newSlot(Block block, List<Extent> indivisible, Instant origin) {
        return new Slot(
                block,
                new BlockParts(block, indivisible),
                Exchange.read(device.unit(), block),
                origin,
                timings);
    }

    /** The device has answered, and nothing of it can be used: it is looked at again when due. */
    private List<Sample> misfit(String reason, Instant requestedAt, Instant now) {
        lookFor(SunSpecWalk.begin(), now, Optional.of(reason));
        for (Slot slot : slots) {
            if (!slot.due.isAfter(now)) {
                slot.takeTurn(now);
            }
            slot.lastHeard = now;
            slot.isSilent = false;
        }
        long of = ++samples;
        List<Observation> readings = decoder.allInvalid(reason, requestedAt, of);
        drop();
        return List.of(new Sample(device.id(), of, requestedAt, Optional.empty(), readings));
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

    /**
     * Whether a block's answer can be nothing but readings: it proves nothing, scales nothing, and
     * changes neither what is asked next nor what may be written.
     */
    boolean tellsReadingsOnly(Slot slot) {
        return look.isEmpty()
                && profile.models().isEmpty()
                && profile.heartbeat().isEmpty()
                && slot.isRepeated()
                && slot.parts.isPlain()
                && decoder.isSettledWithout(slot.block);
    }

    /** What an answer says, and what it shows of answers before it. */
    List<Sample> answered(Slot slot, Image image, Instant requestedAt, Instant now) {
        if (isOfLook(slot)) {
            return looked(look.orElseThrow().walk().answered(image), requestedAt, now);
        }
        var told = new ArrayList<Sample>();
        long of = samples + 1;
        Optional<Duration> interval = slot.interval(requestedAt);
        Optional<Instant> wasStillSince = decoder.stillSince();
        boolean isRescaled = !held.isEmpty() && decoder.isRescaled(slot.block, image);
        List<Observation> answered = decoder.answered(slot.block, image, requestedAt, of);
        tellStillness(wasStillSince, requestedAt);
        boolean isDivided = !slot.parts.isPlain();
        List<Observation> readings = answered;
        if (isDivided && !slot.isBad() && slot == speaker(slot.parts)) {
            readings = new ArrayList<>(answered);
            readings.addAll(missing(slot.parts, requestedAt, of));
        }
        Optional<Profile.Model> apart = toBeProved(slot);
        if (apart.isPresent()) {
            held.hold(new HeldPolls.Poll(apart.get(), requestedAt, interval, readings));
        } else {
            samples = of;
            told.add(new Sample(device.id(), of, requestedAt, interval, readings));
        }
        if (decoder.hasMoved()) {
            lookFor(SunSpecWalk.begin(), now, decoder.problem());
            drop();
        }
        if (isRescaled) {
            drop();
        }
        told.addAll(release(slot.block));
        if (slot.rate == Rate.ONCE && decoder.problem().isPresent()) {
            slot.due = now.plus(slot.interval);
        }
        // What this answer needs was not all read: it is worth asking again once it is.
        if (slot.rate != Rate.ONCE && decoder.firstUnread().isPresent()) {
            slot.due = now;
        }
        if (isDivided) {
            slot.parts.answered(slot.block);
            follow(slot.parts, now);
            tell(slot.parts, slot.refusal);
        }
        tellProof(requestedAt);
        return told;
    }

    /**
     * What was refused, by a busy device for one, shows no other device: the refusal is told, if it
     * lasts.
     */
    private void tellProof(Instant now) {
        Optional<String> wrong =
                look.isPresent()
                        ? look.get().misfit()
                        : decoder.firstUnread().isEmpty()
                                ? decoder.contradiction()
                                : Optional.empty();
        if (wrong.isPresent() && unprovedSince.isEmpty()) {
            unprovedSince = Optional.of(now);
            news.add(new LinkNews.DeviceUnproved(device.id(), wrong.get()));
        } else if (problem().isEmpty() && unprovedSince.isPresent()) {
            Duration unproved = Duration.between(unprovedSince.get(), now);
            unprovedSince = Optional.empty();
            news.add(new LinkNews.DeviceProved(device.id(), unproved));
        }
    }

    private void tellStillness(Optional<Instant> before, Instant now) {
        Optional<Instant> since = decoder.stillSince();
        if (since.isPresent() && before.isEmpty()) {
            news.add(new LinkNews.DeviceStill(device.id(), since.get()));
        } else if (since.isEmpty() && before.isPresent()) {
            news.add(new LinkNews.DeviceMoves(device.id(), Duration.between(before.get(), now)));
        }
    }

    /**
     * The model that a SunSpec device could have moved since it last showed it: values that stand
     * apart from its ID and L count when these were read once more.
     */
    private Optional<Profile.Model> toBeProved(Slot slot) {
        return slot.rate == Rate.ONCE || decoder.problem().isPresent()
                ? Optional.empty()
                : decoder.apartFrom(slot.block);
    }

    /** What has waited for this block to be read once more. */
    private List<Sample> release(Block proof) {
        return decoder.problem().isPresent()
                ? List.of()
                : numbered(held.release(model -> decoder.isHeader(proof, model)));
    }

    private void drop() {
        unproved.addAll(numbered(held.drop()));
    }

    private List<Sample> numbered(List<HeldPolls.Poll> polls) {
        return polls.stream().map(poll -> poll.sample(device.id(), ++samples)).toList();
    }

    /** Answered polls that came to nothing since this was last asked. */
    List<Sample> takeUnproved() {
        List<Sample> taken = List.copyOf(unproved);
        unproved.clear();
        return taken;
    }

    /** The part whose samples also say that others are refused. */
    private Slot speaker(BlockParts parts) {
        return slotsOf(parts).stream().filter(slot -> !slot.isBad()).findFirst().orElseThrow();
    }

    private List<Observation> missing(BlockParts parts, Instant requestedAt, long of) {
        var readings = new ArrayList<Observation>();
        for (Slot slot : slotsOf(parts)) {
            if (slot.isBad()) {
                slot.isSilent = false;
                readings.addAll(decoder.refused(slot.block, slot.refusal, requestedAt, of));
            }
        }
        return readings;
    }

    /**
     * A block was answered with an exception.
     *
     * @param isOfAddress whether it may be that the device lacks a part of it: then the parts are
     *     asked for in turn, and this poll has told nothing
     */
    List<Sample> refused(
            Slot slot, boolean isOfAddress, String why, Instant requestedAt, Instant now) {
        if (isOfLook(slot)) {
            return looked(look.orElseThrow().walk().refused(why), requestedAt, now);
        }
        if (decoder.isHeaderOfNow(slot.block)) {
            return misfit("the device refuses what it had: " + why, requestedAt, now);
        }
        slot.refusal = why;
        if (isOfAddress && !now.isBefore(slot.divideAfter)) {
            slot.parts.refused(slot.block);
            follow(slot.parts, now);
            tell(slot.parts, why);
        }
        return refused(slot)
                .map(
                        left -> {
                            waitAfterRefusal(left, now);
                            left.refusal = why;
                            long of = ++samples;
                            return new Sample(
                                    device.id(),
                                    of,
                                    requestedAt,
                                    left.interval(requestedAt),
                                    decoder.refused(left.block, why, requestedAt, of));
                        })
                .stream()
                .toList();
    }

    /** What a refusal was of: the same request, the whole it was part of, or nothing yet. */
    private Optional<Slot> refused(Slot slot) {
        List<Slot> left = slotsOf(slot.parts);
        if (left.contains(slot)) {
            return Optional.of(slot);
        }
        return left.stream()
                .filter(each -> slot.parts.missing().contains(each.block) && !each.isBad())
                .findFirst();
    }

    private void waitAfterRefusal(Slot slot, Instant now) {
        int refusals = slot.parts.refusals(slot.block);
        slot.divideAfter = now.plus(timings.askAgain(refusals));
        if (slot.isBad()) {
            slot.due = slot.divideAfter;
        } else if (slot.rate == Rate.ONCE) {
            slot.due = now.plus(slot.interval);
        }
    }

    private List<Slot> slotsOf(BlockParts parts) {
        return slots.stream().filter(slot -> slot.parts == parts).toList();
    }

    /** Asks for a block by the parts it has now. */
    private void follow(BlockParts parts, Instant now) {
        List<Slot> before = slotsOf(parts);
        if (before.stream().map(slot -> slot.block).toList().equals(parts.blocks())) {
            return;
        }
        var after = new ArrayList<Slot>();
        for (Slot slot : slots) {
            if (slot.parts != parts) {
                after.add(slot);
            } else if (slot == before.getFirst()) {
                parts.blocks().forEach(block -> after.add(slot(block, before, now)));
            }
        }
        slots = List.copyOf(after);
        decoder.readBy(slots.stream().map(slot -> slot.block).toList());
    }

    /** A cut part is asked for at once, joined ones when the first of them would have been. */
    private Slot slot(Block block, List<Slot> before, Instant now) {
        List<Slot> replaced =
                before.stream()
                        .filter(slot -> slot.block.extent().overlaps(block.extent()))
                        .toList();
        Slot first = replaced.getFirst();
        if (first.block.equals(block)) {
            return first;
        }
        var slot =
                new Slot(
                        block,
                        first.parts,
                        Exchange.read(device.unit(), block),
                        first.origin,
                        timings);
        slot.refusal = first.refusal;
        slot.lastHeard = earliest(replaced, each -> each.lastHeard);
        if (replaced.size() == 1) {
            slot.due = now;
        } else if (first.parts.missing().contains(block)) {
            slot.due = slot.nextOnGrid(now);
        } else {
            slot.due = earliest(replaced, each -> each.due);
        }
        return slot;
    }

    private static Instant earliest(List<Slot> slots, Function<Slot, Instant> of) {
        return slots.stream().map(of).min(Comparator.naturalOrder()).orElseThrow();
    }

    private void tell(BlockParts parts, String why) {
        news.addAll(refusals.news(parts, why, decoder::pointsIn));
    }

    /** What people are to be told since this was last asked. */
    List<LinkNews> takeNews() {
        List<LinkNews> taken = List.copyOf(news);
        news.clear();
        return taken;
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
        notBefore =
                now.plus(timings.backoff(timings.fastInterval(), failures, device.id().value()));
        slot.due = later(slot.due.equals(Instant.MAX) ? now : slot.due, now.plus(backoff(slot)));
        forget();
    }

    private Duration backoff(Slot slot) {
        return timings.backoff(
                slot.rate == Rate.SLOW ? timings.slowInterval() : timings.fastInterval(),
                slot.failures,
                device.id().value());
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
        if (isLost) {
            return false;
        }
        boolean isAnySilent = false;
        for (Slot slot : slots) {
            if (slot.isSilentAlone()) {
                if (!slot.isSilent) {
                    return false;
                }
                isAnySilent = true;
            }
        }
        return isAnySilent;
    }

    /** Lost: blocks that are read once go silent with the rest. */
    List<Observation> lose(Instant now) {
        isLost = true;
        return slots.stream().flatMap(slot -> silence(slot, now).stream()).toList();
    }

    String reason() {
        return reason;
    }

    /** When the next block becomes silent if nothing is heard; else never. */
    Instant silentAt() {
        Instant next = Instant.MAX;
        for (Slot slot : slots) {
            if (slot.isSilentAlone() && !slot.isSilent) {
                next = earlier(next, slot.silentAt(start));
            }
        }
        return next;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
