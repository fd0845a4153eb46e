package dev.bulkhead.agent.modbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.Profile.Block;
import dev.bulkhead.rules.profile.ProfileFile;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.Gateway;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.Room;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A device whose map says: number 7 at 0, a temperature of 32 bits at 1, a humidity at 3. */
class ExaminationTest {
    private static final Instant AT = Instant.parse("2026-03-01T02:13:44Z");
    private static final RoomId ROOM = new RoomId("A1");
    private static final DeviceId ID = new DeviceId("climate");

    private static final Profile PROFILE =
            ProfileFile.parse(
                            "climate.yaml",
                            """
                            profile: climate
                            title: Climate
                            source: this test
                            blocks:
                              - {at: 0, count: 6, rate: fast}
                            points:
                              - {name: code, at: 0, as: u16}
                              - {name: t, at: 1, as: u32, scale: 0.1, role: room.temperature}
                              - {name: h, at: 3, as: u16, none: 0xFFFF, role: room.humidity}
                            identity:
                              - {point: code, is: 7}
                            """)
                    .orElseThrow();

    private static List<Examination.Finding> examine(Answer answer) {
        return examine(PROFILE, answer);
    }

    private static List<Examination.Finding> examine(Profile profile, Answer answer) {
        var device =
                new Device(
                        ID,
                        profile.id(),
                        new GatewayId("g"),
                        1,
                        Optional.of(new Subject.OfRoom(ROOM)),
                        OptionalInt.empty(),
                        List.of(),
                        List.of());
        var site =
                new Site(
                        "one room",
                        new LinkedHashMap<>(Map.of(ROOM, new Room(ROOM, "A1", 100, List.of()))),
                        new LinkedHashMap<>(),
                        new LinkedHashMap<>(),
                        new LinkedHashMap<>(),
                        new LinkedHashMap<>(),
                        new LinkedHashMap<>(),
                        new LinkedHashMap<>(),
                        new LinkedHashMap<>(),
                        new LinkedHashMap<>(),
                        new LinkedHashMap<>(),
                        new LinkedHashMap<>(
                                Map.of(
                                        new GatewayId("g"),
                                        Gateway.tcp(new GatewayId("g"), "h", 502))),
                        new LinkedHashMap<>(Map.of(ID, device)));
        SignalTable signals = SignalTable.of(site, Map.of(profile.id(), profile));
        var answers = new LinkedHashMap<Block, Answer>();
        answers.put(profile.blocks().getFirst(), answer);
        return Examination.of(device, profile, signals, answers);
    }

    private static List<Examination.Finding> examine(int... registers) {
        return examine(PROFILE, registers);
    }

    private static List<Examination.Finding> examine(Profile profile, int... registers) {
        return examine(profile, new Answer.Values(AT, AT.plusMillis(12), Image.of(registers)));
    }

    /** A device with one number of two registers, a humidity. */
    private static Profile humidity(String as) {
        return ProfileFile.parse(
                        "hygrometer.yaml",
                        """
                        profile: hygrometer
                        title: Hygrometer
                        source: this test
                        points:
                          - {name: h, at: 0, as: %s, range: [0, 80], role: room.humidity}
                        """
                                .formatted(as))
                .orElseThrow();
    }

    private static List<String> wrong(List<Examination.Finding> findings) {
        return findings.stream()
                .filter(Examination.Finding::isWrong)
                .map(Examination.Finding::words)
                .toList();
    }

    @Test
    void whatFitsIsShownWithItsValues() {
        List<Examination.Finding> findings = examine(7, 0, 215, 40, 0, 0);
        assertEquals(List.of(), wrong(findings));
        assertEquals(
                List.of(
                        "holding 0 to 5 answered in 12 ms",
                        "it is the device the site means",
                        "climate.t (room.temperature): 21.5 °C",
                        "climate.h (room.humidity): 40.0 %"),
                findings.stream().map(Examination.Finding::words).toList());
    }

    @Test
    void anOrderThatWouldMakeAMeasurementOfItIsNamed() {
        assertEquals(
                List.of(
                        "climate.t (room.temperature): 1409024.0 °C is outside -40.0..400.0;"
                                + " it would be 21.5 °C with order CDAB"),
                wrong(examine(7, 215, 0, 40, 0, 0)));
    }

    /** The exchanged words of 21.5, and of what doesn't end in so many zeros. */
    @ParameterizedTest
    @CsvSource({
        "0x0000, 0x41AC, no measurement; too near to 0: 2.3558629782228825E-41, 21.5",
        "0x0800, 0x41AC, 3.8595795805815124E-34 % is hardly a measurement, 21.50390625",
    })
    void aFloatWithItsWordsExchangedIsNoMeasurement(
            String high, String low, String said, String meant) {
        assertEquals(
                List.of(
                        "climate.h (room.humidity): %s; it would be %s %% with order CDAB"
                                .formatted(said.replace(";", ","), meant)),
                wrong(examine(humidity("f32"), Integer.decode(high), Integer.decode(low))));
    }

    /** NaN would be 4.6E-41 with its words exchanged. */
    @Test
    void nothingSubnormalIsSuggested() {
        assertEquals(
                List.of("climate.h (room.humidity): not a number: NaN"),
                wrong(examine(humidity("f32"), 0x7FC0, 0)));
    }

    @Test
    void aNumberThatIsAsSmallInEveryOrderIsLeftAlone() {
        assertEquals(List.of(), wrong(examine(humidity("f32"), 0, 0)));
        assertEquals(List.of(), wrong(examine(humidity("f32"), 0x0800, 0x0800)));
    }

    @Test
    void aScaleThatWouldMakeAMeasurementOfItIsNamed() {
        List<String> wrong = wrong(examine(7, 0, 215, 405, 0, 0));
        assertEquals(1, wrong.size(), wrong::toString);
        assertTrue(
                wrong.getFirst()
                        .startsWith(
                                "climate.h (room.humidity): 405.0 % is outside 0.0..100.0; it would be"),
                wrong::getFirst);
        assertTrue(wrong.getFirst().contains("40.5 % 0.1 times as much"), wrong::getFirst);
    }

    /** No scale makes a measurement of a device's word for "none". */
    @Test
    void ofAMissingValueNothingIsGuessedAndItIsNoMisfit() {
        List<Examination.Finding> findings = examine(7, 0, 215, 0xFFFF, 0, 0);
        assertEquals(List.of(), wrong(findings));
        assertEquals(
                new Examination.Finding(
                        Examination.Fit.NONE,
                        "climate.h (room.humidity): the device has no value: 0xFFFF"),
                findings.getLast());
    }

    /** What nobody watches is there to be seen all the same, but for what only scales or proves. */
    @Test
    void pointsWithoutARoleAreListed() {
        Profile profile =
                ProfileFile.parse(
                                "meter.yaml",
                                """
                                profile: meter
                                title: Meter
                                source: this test
                                points:
                                  - {name: h, at: 0, as: u16, factor: SF, role: room.humidity}
                                  - {name: SF, at: 1, as: s16}
                                  - {name: hours, at: 2, as: u16, scale: 0.1}
                                  - {name: spare, at: 3, as: u16, none: 0xFFFF}
                                """)
                        .orElseThrow();
        List<Examination.Finding> findings = examine(profile, 40, 0, 1234, 0xFFFF);
        assertEquals(
                List.of(
                        Examination.Finding.right("climate.hours (no role): 123.4"),
                        new Examination.Finding(
                                Examination.Fit.NONE,
                                "climate.spare (no role): the device has no value: 0xFFFF")),
                findings.subList(findings.size() - 2, findings.size()));
    }

    @Test
    void aMapThatCountsFromOneIsSeenByTheIdentity() {
        assertEquals(
                List.of(
                        "identity: code: expected '7', got '0';"
                                + " it fits if every register stands one higher"),
                wrong(examine(0, 7, 0, 215, 40, 0)));
    }

    @Test
    void anotherDeviceIsSeenAndItsValuesAreNotShown() {
        List<Examination.Finding> findings = examine(8, 0, 215, 40, 0, 0);
        assertEquals(List.of("identity: code: expected '7', got '8'"), wrong(findings));
        assertEquals(2, findings.size());
    }

    @Test
    void aRefusalSaysWhatStandsThereAndWhatToLookFor() {
        assertEquals(
                List.of(
                        "holding 0 to 5 is refused: exception 2 (illegal data address);"
                                + " there code, t, h; is the map for another model, of another"
                                + " table (input, holding), or does it count from 1?"),
                wrong(examine(new Answer.Refused(AT, 2, Pdu.inWords(2)))));
    }

    @Test
    void aSilentOneIsSaidToBeSilentAndNothingElse() {
        assertEquals(
                List.of(
                        "holding 0 to 5: no answer within 2 s; is the unit right (bulkhead modbus"
                                + " scan), and the gateway's 'link'?"),
                wrong(examine(new Answer.Lost(AT, "no answer within 2 s"))));
        assertEquals(
                List.of("no connection: refused"),
                wrong(examine(new Answer.NotSent(AT, "refused"))));
    }
}
