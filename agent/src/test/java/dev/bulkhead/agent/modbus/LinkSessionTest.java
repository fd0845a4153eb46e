package dev.bulkhead.agent.modbus;

import static dev.bulkhead.agent.modbus.BenchUnits.exception;
import static dev.bulkhead.agent.modbus.BenchUnits.frame;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.guard.Leaves;
import dev.bulkhead.rules.profile.Profile.Table;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Sample;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.DeviceId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LinkSessionTest {
    private static final Duration TIMEOUT = Bench.TIMINGS.requestTimeout();
    private static final Duration FAST = Bench.TIMINGS.fastInterval();
    private static final Duration CAP = Bench.TIMINGS.backoffCap();

    private final Bench bench = new Bench(502);
    private final Rig rig = new Rig(bench.session(), Rig::good);
    private final int temperature = bench.signal("loops.ai1");
    private final int fan = bench.signal("contacts.di2");
    private final int position = bench.signal("panel.breaker[1].position");

    /** A peer whose unit of the analog module answers in its own way; everybody else is well. */
    private static Rig.Peer loopsAnswer(BiFunction<Bytes, Rig, List<Bytes>> answer) {
        return (request, rig) -> {
            if (request.at(6) == Bench.LOOPS && request.word(8) == 0) {
                answer.apply(request, rig).forEach(bytes -> rig.reply(Rig.QUICK, bytes));
            } else {
                Rig.good(request, rig);
            }
        };
    }

    private static Bytes right(Bytes request, Rig rig) {
        return rig.units.answer(request, rig.now);
    }

    private static Bytes changed(Bytes right, int index, int value) {
        byte[] bytes = right.toArray();
        bytes[index] = (byte) value;
        return Bytes.of(bytes);
    }

    static Stream<Arguments> answersThatAreNotTheAnswer() {
        return Stream.of(
                named(
                        "ofTheTransactionBefore",
                        (r, rig) -> one(changed(right(r, rig), 1, r.at(1) - 1))),
                named("ofAnotherProtocol", (r, rig) -> one(changed(right(r, rig), 3, 1))),
                named("ofAnotherUnit", (r, rig) -> one(changed(right(r, rig), 6, 1))),
                named("ofAnotherFunction", (r, rig) -> one(changed(right(r, rig), 7, 4))),
                named(
                        "withAnExceptionsFunctionAndAValuesLength",
                        (r, rig) -> one(changed(right(r, rig), 7, 0x83))),
                named(
                        "withAValuesFunctionAndAnExceptionsLength",
                        (r, rig) -> one(frame(r.word(0), r.at(6), "0302"))),
                named("withAByteCountTooSmall", (r, rig) -> one(changed(right(r, rig), 8, 14))),
                named("withAByteCountTooLarge", (r, rig) -> one(changed(right(r, rig), 8, 18))),
                named("withFewerRegisters", (r, rig) -> one(frame(r.word(0), r.at(6), "03021234"))),
                named(
                        "withNothingBehindTheHeader",
                        (r, rig) -> one(Bytes.ofHex(BenchUnits.hex(r.word(0), 4) + "00000000"))),
                named("withALengthOf1000", (r, rig) -> one(changed(right(r, rig), 4, 3))),
                named(
                        "withTwoBytesTooMany",
                        (r, rig) -> one(right(r, rig).plus(Bytes.ofHex("0000")))),
                named("halfOfIt", (r, rig) -> one(right(r, rig).slice(0, 12))),
                named("headerOnly", (r, rig) -> one(right(r, rig).slice(0, 7))),
                named("garbage", (_, _) -> one(Bytes.ofHex("485454502f312e31203430302042616420"))),
                named("nothing", (_, _) -> List.of()));
    }

    private static Arguments named(String name, BiFunction<Bytes, Rig, List<Bytes>> answer) {
        return Arguments.argumentSet(name, answer);
    }

    private static List<Bytes> one(Bytes bytes) {
        return List.of(bytes);
    }

    @ParameterizedTest
    @MethodSource("answersThatAreNotTheAnswer")
    void whatIsNotTheAnswerIsNoReadingAndTheDeviceIsBackWithinOneBackOff(
            BiFunction<Bytes, Rig, List<Bytes>> answer) {
        rig.peer = loopsAnswer(answer);
        rig.run(Duration.ofSeconds(60));

        assertTrue(rig.readings(temperature).noneMatch(Reading.Measured.class::isInstance));
        assertInstanceOf(Reading.Silent.class, rig.latest(temperature));
        assertEquals(1, rig.readings(temperature).filter(Reading.Silent.class::isInstance).count());

        rig.peer = Rig::good;
        rig.run(CAP.plus(TIMEOUT).plus(FAST));
        assertInstanceOf(Reading.Measured.class, rig.latest(temperature));
        assertEquals(2, rig.news.size());
        assertInstanceOf(LinkNews.DeviceLost.class, rig.news.getFirst());
        assertInstanceOf(LinkNews.DeviceBack.class, rig.news.getLast());
    }

    /** A link so slow that something is always due. */
    private void answerSlowly() {
        rig.peer = (request, rig) -> rig.reply(Duration.ofMillis(400), right(request, rig));
    }

    @Test
    void theNextPollDoesNotWaitUntilAnAnswerIsRead() {
        answerSlowly();
        rig.run(Duration.ofMinutes(1));

        assertTrue(rig.isSentAhead.contains(true));
        assertInstanceOf(Reading.Measured.class, rig.latest(temperature));
    }

    /** It could show that the device isn't the one that is to be written to. */
    @Test
    void anExchangeThatIsAskedForWaitsUntilTheAnswerBeforeItIsRead() {
        answerSlowly();
        rig.run(Duration.ofMinutes(1));
        rig.isSentAhead.clear();

        for (int ticket = 1; ticket <= 60; ticket++) {
            rig.submit(ticket, new Exchange.ReadRegisters(Bench.CONTACTS, Table.HOLDING, 0, 1));
            rig.run(Duration.ofMillis(300));
        }

        assertFalse(rig.isSentAhead.contains(true));
    }

    @Test
    void aDeadUnitCostsItsNeighboursNoMoreThanItsOwnDeadline() {
        rig.peer = loopsAnswer((_, _) -> List.of());
        rig.run(Duration.ofMinutes(5));

        List<Instant> polls = measuredAt(fan);
        Duration longest = Duration.ZERO;
        int late = 0;
        for (int i = 1; i < polls.size(); i++) {
            Duration gap = Duration.between(polls.get(i - 1), polls.get(i));
            longest = gap.compareTo(longest) > 0 ? gap : longest;
            late += gap.compareTo(FAST.multipliedBy(2)) > 0 ? 1 : 0;
        }
        assertTrue(
                longest.compareTo(FAST.plus(TIMEOUT).plus(Rig.QUICK.multipliedBy(5))) <= 0,
                "longest gap " + longest);
        // Back-off doubles to its cap: one deadline every 10 s, in five minutes at most 35.
        assertTrue(late <= 35, late + " late polls");
    }

    @Test
    void aHealthyLinkIsPolledAtItsIntervalsAndOverrunsNothing() {
        rig.run(Duration.ofSeconds(60));

        assertEquals(0, rig.session.overruns());
        assertEquals(60, measuredAt(fan).size(), 1);
        assertEquals(12, measuredAt(bench.signal("bms.module[17].ModCellVMin")).size(), 1);
        assertEquals(List.of(), rig.news);
    }

    @Test
    void aLinkTooSlowForItsPollsSkipsAndCountsThemAndIsFair() {
        rig.peer =
                (request, peer) ->
                        peer.reply(Duration.ofMillis(400), peer.units.answer(request, peer.now));
        rig.run(Duration.ofSeconds(20));
        Instant isKnown = rig.now;
        rig.run(Duration.ofSeconds(60));

        assertTrue(rig.session.overruns() > 20, rig.session.overruns() + " overruns");
        for (int signal : List.of(fan, temperature, position, bench.signal("bms.V"))) {
            List<Instant> turns = measuredAt(signal).stream().filter(isKnown::isBefore).toList();
            assertEquals(33, turns.size(), 6, "signal " + signal);
        }
    }

    @Test
    void aUnitThatAnswersAtTheLastMomentDoesNotGoBeforeWhoWasDueMeanwhile() {
        Duration slow = TIMEOUT.minusMillis(100);
        rig.peer =
                (request, peer) ->
                        peer.reply(
                                request.at(6) == Bench.LOOPS ? slow : Rig.QUICK,
                                right(request, peer));
        rig.run(Duration.ofSeconds(60));

        List<Instant> polls = measuredAt(fan);
        for (int i = 1; i < polls.size(); i++) {
            Duration gap = Duration.between(polls.get(i - 1), polls.get(i));
            assertTrue(gap.compareTo(FAST.plus(TIMEOUT)) <= 0, "waited " + gap);
        }
    }

    @Test
    void startsWithEveryDeviceDownAndTellsItOnce() {
        rig.isReachable = false;
        rig.run(Duration.ofSeconds(60));

        assertTrue(
                rig.heard.stream()
                        .allMatch(
                                each ->
                                        each.observation()
                                                .reading()
                                                .equals(
                                                        new Reading.Silent(
                                                                each.at(), Instant.EPOCH))));
        assertEquals(bench.signals.size(), rig.heard.size());
        assertEquals(5, rig.news.size());
        assertTrue(rig.connects.size() < 15, rig.connects.size() + " attempts");

        rig.isReachable = true;
        rig.run(CAP.plus(FAST));
        assertEquals(10, rig.news.size());
        assertInstanceOf(Reading.Measured.class, rig.latest(temperature));
    }

    @Test
    void aPeerThatClosesBetweenPollsCostsNoPoll() {
        rig.peer =
                (request, peer) -> {
                    Rig.good(request, peer);
                    peer.close(Rig.QUICK.multipliedBy(12));
                };
        rig.run(Duration.ofSeconds(30));

        assertEquals(30, measuredAt(fan).size(), 2);
        assertEquals(List.of(), rig.news);
    }

    @Test
    void aPeerThatAcceptsAndClosesIsNotHammered() {
        rig.peer = (_, peer) -> peer.close(Rig.QUICK);
        rig.run(Duration.ofSeconds(60));

        assertTrue(rig.connects.size() < 15, rig.connects.size() + " connections");
    }

    @Test
    void oneByteAtATimeIsTheSameAnswer() {
        rig.peer =
                (request, peer) -> {
                    Bytes right = right(request, peer);
                    for (int i = 0; i < right.length(); i++) {
                        peer.reply(Duration.ofNanos(i + 1), right.slice(i, i + 1));
                    }
                };
        rig.run(Duration.ofSeconds(10));

        assertTrue(measuredAt(temperature).size() >= 9);
        assertEquals(1, rig.connects.size());
    }

    @Test
    void aDribblingPeerHasOneDeadlineForItsWholeAnswer() {
        rig.peer =
                (request, peer) -> {
                    Bytes right = right(request, peer);
                    for (int i = 0; i < right.length(); i++) {
                        peer.reply(Duration.ofMillis(500L * (i + 1)), right.slice(i, i + 1));
                    }
                };
        rig.run(Duration.ofSeconds(60));

        assertTrue(
                rig.heard.stream()
                        .noneMatch(
                                each -> each.observation().reading() instanceof Reading.Measured));
    }

    @Test
    void anAnswerAfterItsDeadlineIsNeverTakenForALaterOne() {
        rig.peer =
                (request, peer) ->
                        peer.replyEver(
                                TIMEOUT.plusMillis(30), peer.units.answer(request, peer.now));
        rig.run(Duration.ofSeconds(60));

        assertTrue(
                rig.heard.stream()
                        .noneMatch(
                                each -> each.observation().reading() instanceof Reading.Measured));
    }

    @Test
    void anExceptionSaysWhyThereIsNoReadingAndKeepsTheConnection() {
        rig.peer = loopsAnswer((request, _) -> one(exception(request, 2)));
        rig.run(Duration.ofSeconds(10));

        Reading latest = rig.latest(temperature);
        assertInstanceOf(Reading.Invalid.class, latest);
        assertTrue(
                latest.toString().contains("exception 2 (illegal data address)"), latest::toString);
        assertEquals(1, rig.connects.size());
    }

    @Test
    void aGatewayThatAnswersForADeadUnitLeavesItSilent() {
        rig.peer = loopsAnswer((request, _) -> one(exception(request, 11)));
        rig.run(Duration.ofSeconds(30));

        assertInstanceOf(Reading.Silent.class, rig.latest(temperature));
        assertEquals(1, rig.connects.size());
        assertEquals(30, measuredAt(fan).size(), 2);
    }

    @Test
    void aStrangerAtAUnitsAddressIsNotBelievedAndNotWrittenTo() {
        rig.peer =
                (request, peer) -> {
                    boolean asksNumber = request.at(6) == Bench.PANEL && request.word(8) == 100;
                    peer.reply(
                            Rig.QUICK,
                            asksNumber
                                    ? frame(request.word(0), request.at(6), "03020008")
                                    : right(request, peer));
                };
        rig.run(Duration.ofSeconds(10));
        rig.submit(1, write(1, 0));
        rig.run(Duration.ofSeconds(1));

        assertEquals(
                "identity: number: expected '7', got '8'",
                assertInstanceOf(Reading.Invalid.class, rig.latest(position)).reason());
        assertInstanceOf(Answer.NotSent.class, rig.answers.get(1L));
        assertFalse(rig.sent.stream().anyMatch(sent -> sent.function() == 5));
    }

    /** Somebody has to learn of it who isn't looking: it is said once, over all connections. */
    @Test
    void aStrangerIsToldOnceAndOnceWhenTheRightDeviceIsThere() {
        rig.peer =
                (request, peer) -> {
                    boolean asksNumber = request.at(6) == Bench.PANEL && request.word(8) == 100;
                    boolean isRight = peer.now.isAfter(Bench.START.plusSeconds(60));
                    peer.reply(
                            Rig.QUICK,
                            asksNumber && !isRight
                                    ? frame(request.word(0), request.at(6), "03020008")
                                    : right(request, peer));
                };
        rig.run(Duration.ofSeconds(30));
        rig.close(Duration.ZERO);
        rig.run(Duration.ofSeconds(29));
        var panel = new DeviceId("panel");
        var unproved =
                new LinkNews.DeviceUnproved(panel, "identity: number: expected '7', got '8'");
        assertEquals(List.of(unproved), rig.news);

        rig.run(Duration.ofSeconds(60));
        assertEquals(2, rig.news.size(), rig.news::toString);
        var proved = assertInstanceOf(LinkNews.DeviceProved.class, rig.news.getLast());
        assertEquals(panel, proved.device());
        assertEquals(60.0, proved.unproved().toMillis() / 1e3, 6);
    }

    /** Else a device that is busy now and then would fill the log with strangers. */
    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void aDeviceThatRefusesToSayWhoItIsIsNoStranger(int code) {
        rig.peer =
                (request, peer) -> {
                    boolean asksWho = request.at(6) == Bench.PANEL && request.word(8) == 100;
                    peer.reply(
                            Rig.QUICK, asksWho ? exception(request, code) : right(request, peer));
                };
        rig.run(Duration.ofSeconds(60));
        assertEquals(
                List.of(),
                rig.news.stream().filter(LinkNews.DeviceUnproved.class::isInstance).toList());
    }

    @Test
    void afterEachConnectTheDeviceProvesItselfBeforeItsReadingsCount() {
        rig.run(Duration.ofSeconds(5));
        rig.close(Duration.ZERO);
        rig.run(Duration.ofMillis(20));
        int before = rig.sent.size();
        rig.run(Duration.ofSeconds(2));

        List<Rig.Sent> toPanel =
                rig.sent.stream().skip(before - 1L).filter(s -> s.unit() == Bench.PANEL).toList();
        assertEquals(100, toPanel.getFirst().bytes().word(8));
    }

    @Test
    void aSubmittedWriteGoesBeforeThePollsAndIsEchoed() {
        rig.run(Duration.ofMillis(2500));
        rig.submit(1, write(1, 0));
        rig.run(Duration.ofMillis(50));

        assertInstanceOf(Answer.Written.class, rig.answers.get(1L));
        assertEquals(
                List.of("050000ff00"),
                rig.sent.stream()
                        .filter(sent -> sent.function() == 5)
                        .map(sent -> sent.bytes().slice(7, 12).toString())
                        .toList());
    }

    @Test
    void theLeaveIsLookedAtWhenTheWriteIsSent() {
        rig.run(Duration.ofMillis(2500));
        var stale = Leaves.leave("Q1", rig.now.minus(Duration.ofSeconds(21)));
        rig.submit(1, new Exchange.WriteCoil(Bench.PANEL, 0, Bench.breaker(1), stale));
        rig.submit(
                2,
                new Exchange.WriteCoil(
                        Bench.PANEL, 0, Bench.breaker(1), Leaves.leave("Q2", rig.now)));
        rig.submit(
                3,
                new Exchange.WriteCoil(
                        Bench.PANEL, 2, Bench.breaker(1), Leaves.leave("Q1", rig.now)));
        rig.submit(
                4,
                new Exchange.WriteCoil(
                        Bench.LOOPS, 0, Bench.breaker(1), Leaves.leave("Q1", rig.now)));
        rig.submit(5, new Exchange.WriteCoil(77, 0, Bench.breaker(1), Leaves.leave("Q1", rig.now)));
        rig.run(Duration.ofSeconds(1));

        for (long ticket = 1; ticket <= 5; ticket++) {
            assertInstanceOf(Answer.NotSent.class, rig.answers.get(ticket), "ticket " + ticket);
        }
        assertFalse(rig.sent.stream().anyMatch(sent -> sent.function() == 5));
    }

    static Stream<Arguments> endsOfAWrite() {
        return Stream.of(
                Arguments.argumentSet(
                        "exception 2",
                        (Rig.Peer) (r, rig) -> rig.reply(Rig.QUICK, exception(r, 2)),
                        Answer.Refused.class),
                Arguments.argumentSet(
                        "exception 4",
                        (Rig.Peer) (r, rig) -> rig.reply(Rig.QUICK, exception(r, 4)),
                        Answer.Lost.class),
                Arguments.argumentSet(
                        "exception 6",
                        (Rig.Peer) (r, rig) -> rig.reply(Rig.QUICK, exception(r, 6)),
                        Answer.Refused.class),
                Arguments.argumentSet(
                        "exception 11",
                        (Rig.Peer) (r, rig) -> rig.reply(Rig.QUICK, exception(r, 11)),
                        Answer.Lost.class),
                Arguments.argumentSet("no answer", (Rig.Peer) (_, _) -> {}, Answer.Lost.class),
                Arguments.argumentSet(
                        "closed", (Rig.Peer) (_, rig) -> rig.close(Rig.QUICK), Answer.Lost.class),
                Arguments.argumentSet(
                        "echo of off",
                        (Rig.Peer) (r, rig) -> rig.reply(Rig.QUICK, changed(r, 10, 0)),
                        Answer.Lost.class),
                Arguments.argumentSet(
                        "echo of another coil",
                        (Rig.Peer) (r, rig) -> rig.reply(Rig.QUICK, changed(r, 9, 3)),
                        Answer.Lost.class));
    }

    @ParameterizedTest
    @MethodSource("endsOfAWrite")
    void aWriteIsSentOnceAndItsEndToldAsItIs(Rig.Peer end, Class<? extends Answer> expected) {
        rig.peer =
                (request, peer) -> {
                    if (request.at(7) == 5) {
                        end.asked(request, peer);
                    } else {
                        Rig.good(request, peer);
                    }
                };
        rig.run(Duration.ofMillis(2500));
        rig.submit(1, write(1, 0));
        rig.run(Duration.ofSeconds(30));

        assertInstanceOf(expected, rig.answers.get(1L));
        assertEquals(1, rig.sent.stream().filter(sent -> sent.function() == 5).count());
    }

    @Test
    void whatWasNotSentWhenTheLinkBrokeNeverIs() {
        rig.run(Duration.ofMillis(2500));
        rig.peer = (_, _) -> {};
        rig.run(FAST);
        rig.submit(1, write(1, 0));
        rig.run(TIMEOUT);
        rig.peer = Rig::good;
        rig.run(Duration.ofSeconds(30));

        assertInstanceOf(Answer.NotSent.class, rig.answers.get(1L));
        assertFalse(rig.sent.stream().anyMatch(sent -> sent.function() == 5));
    }

    @Test
    void aSubmittedReadIsAnsweredWithTheInstantItWasSent() {
        rig.run(Duration.ofMillis(2500));
        Instant asked = rig.now;
        rig.submit(1, new Exchange.ReadRegisters(Bench.PANEL, Table.HOLDING, 0, 1));
        rig.run(Duration.ofMillis(50));

        var values = assertInstanceOf(Answer.Values.class, rig.answers.get(1L));
        assertEquals(Image.of(0b1110001), values.image());
        assertFalse(values.requestedAt().isBefore(asked));
    }

    private List<Long> sequences(String device) {
        return rig.samples.stream()
                .filter(sample -> sample.device().equals(new DeviceId(device)))
                .map(Sample::sequence)
                .toList();
    }

    private static List<Long> from1(int count) {
        return LongStream.rangeClosed(1, count).boxed().toList();
    }

    /**
     * By these numbers it is shown that no sample was lost on its way to the store: a gap of the
     * link's own making would look like a loss, a number used twice would hide one.
     */
    @Test
    void samplesOfADeviceAreNumberedFrom1WithoutAGapWhateverWentUnanswered() {
        rig.run(Duration.ofSeconds(10));
        int before = measuredAt(temperature).size();
        rig.peer = loopsAnswer((_, _) -> List.of());
        rig.run(Duration.ofSeconds(30));
        assertEquals(before, measuredAt(temperature).size());
        rig.peer = loopsAnswer((request, _) -> one(exception(request, 2)));
        rig.run(Duration.ofSeconds(30));
        rig.peer = loopsAnswer((request, _) -> one(exception(request, 6)));
        rig.run(Duration.ofSeconds(10));
        rig.close(Duration.ZERO);
        rig.peer = Rig::good;
        rig.run(Duration.ofSeconds(30));

        assertTrue(sequences("loops").size() > before + 30);
        for (String device : List.of("loops", "panel", "contacts", "bms")) {
            List<Long> sequences = sequences(device);
            assertTrue(sequences.size() > 10, device + " " + sequences.size());
            assertEquals(from1(sequences.size()), sequences, device);
        }
    }

    @Test
    void aReadingCarriesTheNumberOfItsSample() {
        rig.run(Duration.ofSeconds(10));

        var numbers = new ArrayList<Long>();
        for (Sample sample : rig.samples) {
            for (Observation each : sample.observations()) {
                var measured = assertInstanceOf(Reading.Measured.class, each.reading());
                assertEquals(sample.sequence(), measured.sequence());
                assertEquals(sample.at(), measured.at());
                numbers.add(measured.sequence());
            }
        }
        assertTrue(numbers.size() > 100, numbers.size() + " readings");
    }

    @Test
    void afterTheEndNothingIsSentAndWhatIsUnderWayIsStillSampled() {
        rig.run(Duration.ofMillis(2500));
        rig.peer = (request, peer) -> peer.reply(Duration.ofMillis(300), right(request, peer));
        rig.run(Duration.ofMillis(600));
        rig.submit(1, write(1, 0));
        int samples = rig.samples.size();
        int sent = rig.sent.size();
        assertFalse(rig.session.isFinished());

        rig.finish();
        assertFalse(rig.session.isFinished(), "a request was under way");
        assertInstanceOf(Answer.NotSent.class, rig.answers.get(1L));
        rig.run(Duration.ofSeconds(60));

        assertTrue(rig.session.isFinished());
        assertEquals(samples + 1, rig.samples.size());
        assertEquals(sent, rig.sent.size());
        rig.submit(2, write(1, 0));
        assertInstanceOf(Answer.NotSent.class, rig.answers.get(2L));
        assertEquals(1, rig.connects.size());
    }

    /** A peer that says nothing more must not keep the agent from ending. */
    @Test
    void theEndComesAtTheDeadlineOfWhatIsUnderWayAtTheLatest() {
        rig.run(Duration.ofMillis(2500));
        rig.peer = (_, _) -> {};
        rig.run(FAST);
        rig.finish();
        assertFalse(rig.session.isFinished(), "a request was under way");
        int sent = rig.sent.size();
        rig.run(TIMEOUT);

        assertTrue(rig.session.isFinished());
        rig.run(Duration.ofSeconds(60));
        assertEquals(sent, rig.sent.size());
        assertEquals(1, rig.connects.size());
    }

    @Test
    void bytesNobodyAskedForEndTheConnection() {
        rig.run(Duration.ofMillis(2500));
        rig.reply(Duration.ZERO, Bytes.ofHex("0001"));
        rig.run(Duration.ofSeconds(2));

        assertEquals(2, rig.connects.size());
        assertEquals(new Value.Flag(true), ((Reading.Measured) rig.latest(fan)).value());
    }

    private Exchange write(int breaker, int coil) {
        return new Exchange.WriteCoil(
                Bench.PANEL, coil, Bench.breaker(breaker), Leaves.leave("Q" + breaker, rig.now));
    }

    private List<Instant> measuredAt(int signal) {
        return rig.readings(signal)
                .filter(Reading.Measured.class::isInstance)
                .map(Reading::at)
                .toList();
    }
}
