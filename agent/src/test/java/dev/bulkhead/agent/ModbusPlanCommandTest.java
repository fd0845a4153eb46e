package dev.bulkhead.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModbusPlanCommandTest {
    private record Ran(int code, String out, String err) {}

    private static Ran plan(String... options) {
        var out = new StringWriter();
        var err = new StringWriter();
        var arguments = new ArrayList<>(List.of("modbus", "plan"));
        arguments.add(Sites.TWO_ROOMS.toString());
        arguments.addAll(List.of(options));
        int code =
                Main.run(
                        arguments.toArray(String[]::new),
                        new PrintWriter(out),
                        new PrintWriter(err));
        return new Ran(code, out.toString(), err.toString());
    }

    @Test
    void everyRequestIsPrintedWithWhatItCosts() {
        Ran ran = plan();

        assertEquals("", ran.err());
        assertEquals(0, ran.code());
        // 48 registers: 12 bytes there, 9 + 96 back.
        assertTrue(
                ran.out()
                        .contains(
                                """
                                  A1-S01-bms (sunspec-string-17x8)
                                    once  holding   at 40000,   70   12 B out, 149 B back,   50.0 ms
                                    fast  holding   at 40070,   48   12 B out, 105 B back,   50.0 ms
                                """
                                        .indent(0)),
                ran.out());
        assertTrue(ran.out().contains("gateway A1-bms\n"), ran.out());
        assertTrue(
                ran.out().contains("  A1-lfl (e3point-lfl, held against its maker's document)\n"),
                ran.out());
    }

    @Test
    void aLinkThatIsAskedForMoreThanItCarriesIsBad() {
        Ran ran = plan("--answers-in", "1500");

        assertEquals(1, ran.code());
        assertTrue(ran.out().contains("this is more than it can carry"), ran.out());
    }

    @Test
    void theJsonAddsUp() throws Exception {
        Ran ran = plan("--json", "--answers-in", "20");
        JsonNode answer = new ObjectMapper().readTree(ran.out());

        assertEquals(2.0, answer.get("fastSeconds").asDouble());
        for (JsonNode link : answer.get("links")) {
            double perSecond = 0;
            for (JsonNode device : link.get("devices")) {
                for (JsonNode request : device.get("requests")) {
                    perSecond +=
                            switch (request.get("rate").asText()) {
                                case "FAST" -> 1 / 2.0;
                                case "SLOW" -> 1 / 5.0;
                                default -> 0;
                            };
                }
            }
            assertEquals(perSecond, link.get("requestsPerSecond").asDouble(), 1e-3);
            assertEquals(perSecond * 2, link.get("busyPercent").asDouble(), 1e-3);
        }
    }
}
