package dev.bulkhead.agent.modbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.guard.Leaves;
import dev.bulkhead.rules.profile.Profile.Table;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.site.Courtesy;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.Gateway;
import dev.bulkhead.rules.site.Link;
import dev.bulkhead.rules.site.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Links to cards that let in one client, and can't take requests as fast as they come. */
final class PoliteLinkTest {
    private static final Duration AFTER_CONNECT = Duration.ofMillis(200);
    private static final Duration BETWEEN = Duration.ofMillis(50);
    private static final Duration FAST = Bench.TIMINGS.fastInterval();
    private static final int FAN = new Bench(502).signal("contacts.di2");

    private static Rig rig(Courtesy courtesy) {
        return Bench.rig(new Link.Tcp("h", 502), courtesy, Dialect.MBAP, Rig::good);
    }

    private static Rig closing() {
        return rig(new Courtesy(true, Duration.ZERO, Duration.ZERO));
    }

    private static Exchange write(Rig rig) {
        return new Exchange.WriteCoil(
                Bench.PANEL, 0, Bench.breaker(1), Leaves.leave("Q1", rig.now));
    }

    @Test
    void nothingIsAskedInThePauses() {
        Rig rig = rig(new Courtesy(false, AFTER_CONNECT, BETWEEN));
        rig.run(Duration.ofSeconds(20));

        Instant connected = rig.connects.getFirst().plus(Rig.QUICK);
        assertEquals(connected.plus(AFTER_CONNECT), rig.sent.getFirst().at());
        for (int i = 1; i < rig.sent.size(); i++) {
            Duration gap = Duration.between(rig.sent.get(i - 1).at(), rig.sent.get(i).at());
            assertTrue(gap.compareTo(Rig.QUICK.plus(BETWEEN)) >= 0, i + ": " + gap);
        }
        assertEquals(20, measured(rig), 2);
    }

    @Test
    void anActWaitsOutThePauseAndIsSent() {
        Rig rig = rig(new Courtesy(false, AFTER_CONNECT, BETWEEN));
        rig.run(Duration.ofSeconds(5));
        rig.submit(1, write(rig));
        rig.run(Duration.ofMillis(300));

        assertInstanceOf(Answer.Written.class, rig.answers.get(1L));
    }

    @Test
    void bytesThatComeInAPauseEndTheConnection() {
        Rig rig = rig(new Courtesy(false, AFTER_CONNECT, BETWEEN));
        rig.run(Rig.QUICK.plus(Rig.QUICK));
        rig.reply(Duration.ZERO, Bytes.ofHex("0001"));
        rig.run(Duration.ofSeconds(10));

        assertEquals(2, rig.connects.size());
        assertTrue(measured(rig) > 5);
    }

    @Test
    void theConnectionIsClosedWhenNothingIsDueAndMadeOnceForEachPoll() {
        Rig rig = closing();
        rig.run(Duration.ofSeconds(61));

        // Fast polls each second, slow ones each five among them, and nothing between.
        assertEquals(62, rig.connects.size(), 2);
        assertEquals(61, measured(rig), 2);
        assertEquals(List.of(), rig.news);
        assertFalse(rig.isConnected());
    }

    /** The last answer before a link rests counts as much as any, whoever gave it. */
    @Test
    void whoeverIsAskedLastBeforeALinkRestsIsBelieved() {
        var gateway =
                new Gateway(
                        Bench.GATEWAY,
                        new Link.Tcp("h", 502),
                        new Courtesy(true, Duration.ZERO, Duration.ZERO));
        var bench = new Bench(gateway);
        for (Device device : bench.site.devices().values()) {
            Site site = Bench.siteWith(device, gateway);
            var session =
                    LinkSession.of(
                            site,
                            gateway,
                            bench.profiles,
                            SignalTable.of(site, bench.profiles),
                            Bench.TIMINGS.forGateway(gateway),
                            Bench.START);
            var alone = new Rig(session, Dialect.MBAP, Rig::good);
            alone.run(Duration.ofSeconds(10));

            assertEquals(11, alone.connects.size(), 1, device.toString());
            assertTrue(
                    alone.samples.stream()
                            .flatMap(sample -> sample.observations().stream())
                            .noneMatch(
                                    observation ->
                                            observation.reading() instanceof Reading.Invalid invalid
                                                    && invalid.reason().contains("was not read")),
                    device.toString());
        }
    }

    /** Who answers at an address may be another one the next time. */
    @Test
    void aDeviceProvesItselfOnEachConnectionBeforeItIsBelieved() {
        Rig rig = closing();
        rig.run(Duration.ofSeconds(20));

        int proofs =
                rig.sent.stream()
                        .filter(s -> s.unit() == Bench.PANEL && s.bytes().word(8) == 100)
                        .toList()
                        .size();
        assertEquals(rig.connects.size(), proofs, 1);
        int polls = rig.sent.size();
        rig.peer =
                (request, peer) -> {
                    boolean asksNumber = request.at(6) == Bench.PANEL && request.word(8) == 100;
                    peer.reply(
                            Rig.QUICK,
                            asksNumber
                                    ? BenchUnits.frame(request.word(0), Bench.PANEL, "03020008")
                                    : peer.units.answer(request, peer.now));
                };
        rig.run(FAST.multipliedBy(2));
        rig.submit(1, write(rig));
        rig.run(Duration.ofSeconds(1));
        assertInstanceOf(Answer.NotSent.class, rig.answers.get(1L));
        assertTrue(
                rig.sent.stream().skip(polls).noneMatch(sent -> sent.function() == 5),
                "written to a stranger");
    }

    @Test
    void anActOpensAConnectionThatRests() {
        Rig rig = closing();
        rig.run(Duration.ofMillis(2500));
        assertFalse(rig.isConnected());
        rig.submit(1, write(rig));
        rig.run(Duration.ofMillis(100));

        assertInstanceOf(Answer.Written.class, rig.answers.get(1L));
        assertFalse(rig.isConnected());
    }

    @Test
    void anActOfALinkThatCannotBeOpenedAnyMoreIsNotSent() {
        Rig rig = closing();
        rig.run(Duration.ofMillis(2500));
        rig.isReachable = false;
        rig.submit(1, write(rig));
        rig.run(Duration.ofSeconds(5));
        rig.submit(2, write(rig));
        rig.isReachable = true;
        rig.run(Duration.ofSeconds(30));

        assertInstanceOf(Answer.NotSent.class, rig.answers.get(1L));
        assertInstanceOf(Answer.NotSent.class, rig.answers.get(2L));
        assertTrue(rig.sent.stream().noneMatch(sent -> sent.function() == 5));
        assertTrue(measured(rig) > 20);
    }

    @Test
    void aDeviceThatIsBusyIsAskedLessAndLess() {
        for (int code : new int[] {5, 6, 10, 11}) {
            Rig rig = rig(Courtesy.NONE);
            rig.peer =
                    (request, peer) -> {
                        if (request.at(6) == Bench.LOOPS) {
                            peer.reply(Rig.QUICK, BenchUnits.exception(request, code));
                        } else {
                            Rig.good(request, peer);
                        }
                    };
            rig.run(Duration.ofSeconds(60));

            int asked = rig.sent.stream().filter(s -> s.unit() == Bench.LOOPS).toList().size();
            assertTrue(asked >= 6 && asked <= 14, "code " + code + " asked " + asked);
            assertTrue(rig.news.stream().noneMatch(LinkNews.ValuesRefused.class::isInstance));
            assertEquals(1, rig.connects.size());
        }
    }

    @Test
    void aSubmittedReadOfARefusedRegisterIsRefusedToWhoAsked() {
        Rig rig = rig(Courtesy.NONE);
        rig.run(Duration.ofMillis(2500));
        rig.peer = (request, peer) -> peer.reply(Rig.QUICK, BenchUnits.exception(request, 2));
        rig.submit(1, new Exchange.ReadRegisters(Bench.PANEL, Table.HOLDING, 77, 1));
        rig.run(Duration.ofMillis(20));

        assertEquals(2, assertInstanceOf(Answer.Refused.class, rig.answers.get(1L)).code());
    }

    private static int measured(Rig rig) {
        return rig.readings(FAN).filter(Reading.Measured.class::isInstance).toList().size();
    }
}
