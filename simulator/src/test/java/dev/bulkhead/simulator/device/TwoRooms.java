package dev.bulkhead.simulator.device;

import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.SiteFile;
import dev.bulkhead.simulator.ShippedProfiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;

/** The gateways of the site two-rooms over a plant set by hand, spoken to in hex. */
final class TwoRooms {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    final HandSetPlant plant = new HandSetPlant();
    final Site site;
    final SequencedMap<GatewayId, SimulatedGateway> gateways;
    Instant now = Instant.parse("2026-01-15T06:00:00Z");

    /**
     * @param more devices, as in the site's file
     */
    TwoRooms(String... more) {
        site = site(more);
        gateways = Serving.gateways(site, ShippedProfiles.all(), plant, UnaryOperator.identity());
    }

    static Site site(String... more) {
        Path file = Path.of("src/main/sites/two-rooms/site.yaml");
        try {
            var text = new StringBuilder(Files.readString(file));
            for (String device : more) {
                text.append("  - ").append(device).append('\n');
            }
            return SiteFile.parse(file.toString(), text.toString(), ShippedProfiles.all())
                    .orElseThrow();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    SimulatedGateway gateway(String id) {
        return Site.known(gateways, new GatewayId(id));
    }

    Answer answer(String gateway, String request) {
        return gateway(gateway).answer(ByteBuffer.wrap(bytes(request)), now);
    }

    /** A whole request to a whole answer, both as hex, the answer in blocks of four. */
    String ask(String gateway, String request) {
        return hex(answer(gateway, request));
    }

    /** Registers of a unit as hex words; or the exception's function and code. */
    String registers(String gateway, int unit, int address, int count) {
        return read(gateway, unit, 3, address, count);
    }

    String read(String gateway, int unit, int function, int address, int count) {
        String answer =
                ask(
                                gateway,
                                "00010000 0006 %02X%02X %04X%04X"
                                        .formatted(unit, function, address, count))
                        .replace(" ", "");
        boolean isRefusal = Integer.parseInt(answer.substring(14, 16), 16) >= 0x80;
        return words(answer.substring(isRefusal ? 14 : 18));
    }

    void write(String gateway, int unit, int coil) {
        ask(gateway, "00010000 0006 %02X05 %04XFF00".formatted(unit, coil));
    }

    static String hex(Answer answer) {
        return switch (answer) {
            case Answer.Frame frame -> words(HEX.formatHex(frame.copy()));
            case Answer.Silence _ -> "silence";
            case Answer.HangUp _ -> "hung up";
        };
    }

    static byte[] bytes(String hex) {
        return HEX.parseHex(hex.replaceAll("\\s", ""));
    }

    private static String words(String digits) {
        return digits.replaceAll("(.{4})(?!$)", "$1 ");
    }
}
