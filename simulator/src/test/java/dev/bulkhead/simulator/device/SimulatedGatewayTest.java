package dev.bulkhead.simulator.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.Role;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a gateway answers, byte by byte, when all is well and when something is wrong. */
class SimulatedGatewayTest {
    private static final String READ_VOLTS = "0007 0000 0006 01 03 9C94 0001";
    private static final DeviceId STRING = new DeviceId("A1-S01-bms");
    private static final DeviceId PANEL = new DeviceId("A1-breakers");

    private final TwoRooms site = new TwoRooms();
    private final SimulatedGateway bms = site.gateway("A1-bms");
    private final SimulatedGateway field = site.gateway("A1-field");

    SimulatedGatewayTest() {
        site.plant.set(Role.RACK_VOLTAGE, HandSetPlant.node("A1-S01"), 557.6);
    }

    private String ask(String request) {
        return site.ask("A1-bms", request);
    }

    @Test
    void anAnswerCarriesItsRequestsNumberAndUnit() {
        assertEquals("0007 0000 0005 0103 0215 C8", ask(READ_VOLTS));
        assertEquals("FFFF 0000 0005 0203 0200 00", ask("FFFF 0000 0006 02 03 9C94 0001"));
    }

    @Test
    void onlyWhatTheProtocolAllowsIsRead() {
        assertEquals("0001 0000 0003 0183 03", ask("0001 0000 0006 01 03 9C40 0000"));
        assertEquals("0001 0000 0003 0183 03", ask("0001 0000 0006 01 03 9C40 007E"));
        assertEquals("0001 0000 00FD", ask("0001 0000 0006 01 03 9C40 007D").substring(0, 14));
        assertEquals("0001 0000 0003 0182 03", ask("0001 0000 0006 01 02 0000 07D1"));
        assertEquals("0001 0000 0003 0181 03", ask("0001 0000 0006 01 01 0000 0000"));
        assertEquals("0001 0000 0003 0183 03", ask("0001 0000 0005 01 03 9C40 00"));
        assertEquals("0001 0000 0003 0185 03", ask("0001 0000 0005 01 05 0000 FF"));
    }

    @Test
    void whatIsNotThereIsRefusedByReason() {
        assertEquals("0001 0000 0003 0184 02", ask("0001 0000 0006 01 04 0000 0001"));
        assertEquals("0001 0000 0003 0183 02", ask("0001 0000 0006 01 03 FFFF 0002"));
        assertEquals("0001 0000 0003 6383 0B", ask("0001 0000 0006 63 03 9C40 0001"));
        for (String function : List.of("06 0000 0001", "10 0000 0001 02 0001")) {
            String pdu = "01" + function;
            int length = TwoRooms.bytes(pdu).length;
            assertEquals(
                    "0001 0000 0003 01%02X 01"
                            .formatted(Integer.parseInt(function.substring(0, 2), 16) | 0x80),
                    ask("0001 0000 %04X %s".formatted(length, pdu)));
        }
    }

    @Test
    void whatIsNoFrameIsMetWithSilence() {
        assertEquals("silence", ask(""));
        assertEquals("silence", ask("0001 0000 0006 01"));
        assertEquals("silence", ask("0001 0001 0006 01 03 9C40 0001"));
        assertEquals("silence", ask("0001 0000 0007 01 03 9C40 0001"));
        assertEquals("silence", ask("0001 0000 0001 01"));
    }

    @Test
    void aDeadDeviceIsReportedByItsGateway() {
        site.plant.dead.add(STRING);
        assertEquals("0007 0000 0003 0183 0B", ask(READ_VOLTS));
        assertEquals("0001 0000 0005 0203 0200 00", ask("0001 0000 0006 02 03 9C94 0001"));
    }

    @Test
    void aSilentDeviceNeitherActsNorAnswers() {
        field.inflict(PANEL, new SilentDevice());
        assertEquals("silence", site.ask("A1-field", "0001 0000 0006 06 05 0000 FF00"));
        assertEquals(List.of(), site.plant.acts);
        field.mend(PANEL, new SilentDevice());
        site.write("A1-field", 6, 0);
        assertEquals(List.of("select QB-A1-1"), site.plant.acts);
    }

    @Test
    void aDeviceWhoseAnswerIsLostHasActed() {
        field.inflict(PANEL, new LostAnswer());
        assertEquals("silence", site.ask("A1-field", "0001 0000 0006 06 05 0000 FF00"));
        assertEquals(List.of("select QB-A1-1"), site.plant.acts);
    }

    @Test
    void anExceptionActsOnNothing() {
        field.inflict(PANEL, new ExceptionAnswer(4));
        assertEquals(
                "0001 0000 0003 0685 04", site.ask("A1-field", "0001 0000 0006 06 05 0000 FF00"));
        assertEquals(List.of(), site.plant.acts);
    }

    @Test
    void answersCanLieAboutWhoseTheyAre() {
        bms.inflict(STRING, new WrongUnit(2));
        assertEquals("0007 0000 0005 0203 0215 C8", ask(READ_VOLTS));
        bms.inflict(STRING, new WrongTransaction(-1));
        assertEquals("0006 0000 0005 0203 0215 C8", ask(READ_VOLTS));
        bms.mend(STRING, new WrongUnit(2));
        assertEquals("0006 0000 0005 0103 0215 C8", ask(READ_VOLTS));
    }

    @Test
    void garbageIsAsLongAsTheAnswerItStandsFor() {
        bms.inflict(STRING, new GarbageAnswer());
        assertEquals("FFF8 FFFF FFFA FEFC FDEA 37", ask(READ_VOLTS));
    }

    @Test
    void aLateAnswerIsTheRightOne() {
        bms.inflict(STRING, new LateAnswer(Duration.ofMillis(700)));
        Answer answer = site.answer("A1-bms", READ_VOLTS);
        assertEquals("0007 0000 0005 0103 0215 C8", TwoRooms.hex(answer));
        assertEquals(Duration.ofMillis(700), ((Answer.Frame) answer).after());
    }

    @Test
    void aStuckValueStaysWhileItsNeighboursMove() {
        bms.inflict(STRING, new StuckValue("V"));
        site.plant.set(Role.RACK_VOLTAGE, HandSetPlant.node("A1-S01"), 500);
        site.plant.set(Role.RACK_CURRENT, HandSetPlant.node("A1-S01"), 12);
        assertEquals("0078 15C8", site.registers("A1-bms", 1, 40083, 2));
        bms.mend(STRING, new StuckValue("V"));
        assertEquals("0078 1388", site.registers("A1-bms", 1, 40083, 2));
    }

    @Test
    void aStuckDeviceGoesOnAnsweringWhatWas() {
        bms.inflict(STRING, new StuckDevice());
        site.plant.set(Role.RACK_VOLTAGE, HandSetPlant.node("A1-S01"), 500);
        site.plant.set(Role.MODULE_TEMPERATURE, HandSetPlant.module("A1-S01", 1), 90);
        assertEquals("15C8", site.registers("A1-bms", 1, 40084, 1));
        assertEquals("0000", site.registers("A1-bms", 1, 40126, 1));
        bms.mend(STRING, new StuckDevice());
        assertEquals("1388", site.registers("A1-bms", 1, 40084, 1));
        assertEquals("0384", site.registers("A1-bms", 1, 40126, 1));
    }

    @Test
    void aSentinelIsTheMapsOwn() {
        bms.inflict(STRING, new SentinelValue("V"));
        bms.inflict(STRING, new SentinelValue("module[2].ModCellTmpMax"));
        assertEquals("FFFF", site.registers("A1-bms", 1, 40084, 1));
        assertEquals("8000", site.registers("A1-bms", 1, 40142, 1));
    }

    @Test
    void aBrokenWireReadsAsNoCurrentOrAsOpen() {
        site.gateway("A1-proof").inflict(new DeviceId("A1-busbars"), new BrokenWire("ai1"));
        assertEquals("0000 0FA0", site.registers("A1-proof", 1, 0, 2));
        // Leak detectors rest closed: a broken wire says leak.
        field.inflict(new DeviceId("A1-contacts"), new BrokenWire("di11"));
        assertEquals("02", site.read("A1-field", 2, 2, 10, 2));
    }

    @Test
    void aFrozenGatewaySilencesAllItsUnitsAndNoOthers() {
        bms.inflict(new FrozenGateway());
        assertEquals("silence", ask(READ_VOLTS));
        assertEquals("silence", ask("0001 0000 0006 63 03 9C40 0001"));
        assertEquals("0001", site.registers("A1-field", 6, 100, 1));
        bms.mend(new FrozenGateway());
        assertEquals("0007 0000 0005 0103 0215 C8", ask(READ_VOLTS));
    }

    @Test
    void aLostPacketIsSentAgainAndComesLate() {
        Set<Long> waits = new TreeSet<>();
        bms.inflict(new PacketLoss(20, 7));
        int prompt = 0;
        for (int second = 0; second < 1000; second++) {
            site.now = site.now.plusSeconds(1);
            var answer = (Answer.Frame) site.answer("A1-bms", READ_VOLTS);
            assertEquals("0007 0000 0005 0103 0215 C8", TwoRooms.hex(answer));
            waits.add(answer.after().toMillis());
            prompt += answer.after().isZero() ? 1 : 0;
        }
        // Neither the request nor the answer is lost: 0.8 * 0.8 of a thousand.
        assertEquals(640, prompt, 45);
        assertTrue(waits.containsAll(Set.of(0L, 200L, 400L, 600L)), waits::toString);
        assertTrue(waits.stream().allMatch(wait -> wait % 200 == 0), waits::toString);
    }

    @Test
    void whatIsLostAgainAndAgainNeverReachesTheDevice() {
        var lost = new PacketLoss(100, 7);
        Answer answer =
                lost.answer(
                        ByteBuffer.wrap(TwoRooms.bytes(READ_VOLTS)),
                        site.now,
                        () -> fail("it has reached the device"));
        assertEquals(new Answer.Silence(), answer);
    }

    @Test
    void aCutLinkHangsUp() {
        bms.inflict(new CutLink());
        assertEquals("hung up", ask(READ_VOLTS));
        assertEquals(Admission.REFUSED, bms.admit(0));
        bms.mend(new CutLink());
        assertEquals(Admission.TAKEN, bms.admit(0));
    }
}
