package dev.bulkhead.simulator.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.Document;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.simulator.device.Answer;
import dev.bulkhead.simulator.device.LateAnswer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A scenario can put a device in its site that answers as a real one once did. */
class RecordedDeviceTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final String READ = "000100000006030300000001";

    @TempDir private Path folder;

    private Document.Parsed<Stage> read(String recordings, String happens) throws IOException {
        dump("climate.txt", "A1-air", 3);
        dump("again.txt", "A1-air", 3);
        dump("stranger.txt", "A1-air", 99);
        Files.writeString(folder.resolve("broken.txt"), "GET / HTTP/1.1\n");
        Path file = folder.resolve("s.yaml");
        Files.writeString(
                file,
                """
                title: A recorded device
                source: {assumed: for a test}
                plant: %s
                recorded: [%s]
                start: 2026-01-15T06:00:00Z
                horizon: 1 h
                timeline:
                  - {at: 1 min, %s}
                stop: {at: 1 h}
                expect: {isolated: []}
                """
                        .formatted(
                                Stages.sites().resolve("two-rooms/plant.yaml"),
                                recordings,
                                happens));
        return Stage.read(file);
    }

    private void dump(String name, String gateway, int unit) throws IOException {
        Files.writeString(
                folder.resolve(name),
                """
                bulkhead-dump: 1
                gateway: %s
                link: tcp 10.0.0.7:502
                unit: %d

                2026-11-26T11:00:00Z values 12.0 %s 000100000005030302cafe
                """
                        .formatted(gateway, unit, READ));
    }

    @Test
    void itAnswersAsItDidAndCanBeLateAsAnyOther() throws IOException {
        Stage stage = read("climate.txt", "utility-lost: true").orElseThrow();
        var gateways = stage.gateways(Campaign.plantOf(stage, 1));
        var gateway = Site.known(gateways, new GatewayId("A1-air"));
        ByteBuffer request = ByteBuffer.wrap(HEX.parseHex(READ));

        var answer = (Answer.Frame) gateway.answer(request, stage.scenario().start());
        byte[] bytes = new byte[answer.bytes().remaining()];
        answer.bytes().get(bytes);
        assertEquals("000100000005030302cafe", HEX.formatHex(bytes));
        assertEquals(Duration.ofMillis(12), answer.after());

        gateway.inflict(new DeviceId("A1-climate"), new LateAnswer(Duration.ofSeconds(2)));
        var late = (Answer.Frame) gateway.answer(request, stage.scenario().start());
        assertEquals(Duration.ofMillis(2012), late.after());
    }

    @Test
    void whatDoesNotBelongToTheSiteIsRefused() throws IOException {
        String file = folder.resolve("s.yaml").toString();
        assertEquals(
                "[%s:1:1: the site has no unit 99 behind a gateway 'A1-air', of which a recording is, %s:1:1: two recordings are of A1-climate]"
                        .formatted(file, file),
                read("stranger.txt, climate.txt, again.txt", "utility-lost: true")
                        .lines()
                        .toString());
        assertEquals(
                "[%s:1:1: drift of A1-climate, point ai1 would not be seen: the device answers as recorded]"
                        .formatted(file),
                read("climate.txt", "broken: {fault: drift, device: A1-climate, point: ai1}")
                        .lines()
                        .toString());
        assertEquals(
                "[%s:1:1: expected 'bulkhead-dump: 1', as 'bulkhead modbus dump' writes it]"
                        .formatted(folder.resolve("broken.txt")),
                read("broken.txt", "utility-lost: true").lines().toString());
        assertEquals(
                "[%s:4:12: there is no file none.txt; recorded is relative to the scenario]"
                        .formatted(file),
                read("none.txt", "utility-lost: true").lines().toString());
    }

    @Test
    void bytesThatAreNoTextAreNamedSo() throws IOException {
        Path file = Files.write(folder.resolve("bytes.txt"), new byte[] {(byte) 0xca, (byte) 0xfe});
        assertEquals(
                "[" + file + ":1:1: this is no text in UTF-8]",
                read("bytes.txt", "utility-lost: true").lines().toString());
    }
}
