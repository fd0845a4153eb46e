package dev.bulkhead.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModbusPlanCommandTest {
    private record Ran(int code, String out, String err) {}

    @TempDir private Path folder;

    private static Ran plan(String... options) {
        return plan(Sites.TWO_ROOMS, options);
    }

    private static Ran plan(Path site, String... options) {
        var out = new StringWriter();
        var err = new StringWriter();
        var arguments = new ArrayList<>(List.of("modbus", "plan"));
        arguments.add(site.toString());
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
                                  A1-S01-bms (sunspec-string, held against its maker's document)
                                    once  holding   at 40000,    2   12 B out,  13 B back,   50.0 ms
                                    once  holding   at 40002,    2   12 B out,  13 B back,   50.0 ms
                                    once  holding   at 40070,    2   12 B out,  13 B back,   50.0 ms
                                    once  holding   at 40390,    2   12 B out,  13 B back,   50.0 ms
                                    once  holding   at 40002,   68   12 B out, 145 B back,   50.0 ms
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

    /** Every 10 s five fast polls and two slow ones, of which one is at the same time. */
    @Test
    void aLinkThatIsClosedAfterEachPollConnectsAndProvesEachTime() throws Exception {
        String text = Files.readString(Sites.TWO_ROOMS);
        Path site =
                Files.writeString(
                        folder.resolve("site.yaml"),
                        text.replaceFirst(
                                "\\{id: A1-bms, ",
                                "{id: A1-bms, closeAfterPoll: true, pauseAfterConnect: 200 ms, "));
        Ran ran = plan(site, "--json", "--answers-in", "20");
        JsonNode link = new ObjectMapper().readTree(ran.out()).get("links").get(0);

        assertEquals("A1-bms", link.get("gateway").asText());
        assertEquals(0.6, link.get("connectionsPerSecond").asDouble(), 1e-9);
        assertEquals(220, link.get("connectMillis").asDouble(), 1e-9);
        JsonNode before =
                new ObjectMapper()
                        .readTree(plan("--json", "--answers-in", "20").out())
                        .get("links")
                        .get(0);
        double proofs = 0;
        for (JsonNode device : link.get("devices")) {
            List<String> rates =
                    device.get("requests").findValues("rate").stream()
                            .map(JsonNode::asText)
                            .toList();
            long once = rates.stream().filter("ONCE"::equals).count();
            proofs += once * (rates.contains("SLOW") ? 0.6 : 0.5);
        }
        double more = 100 * (0.6 * 0.220 + proofs * 0.020);
        assertEquals(
                before.get("busyPercent").asDouble() + more,
                link.get("busyPercent").asDouble(),
                1e-6);
        assertTrue(
                plan(site, "--answers-in", "20")
                        .out()
                        .contains("  connects 0.6 times a second, 220.0 ms each\n"),
                ran.out());
    }
}
