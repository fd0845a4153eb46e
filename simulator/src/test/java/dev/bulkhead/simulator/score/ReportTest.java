package dev.bulkhead.simulator.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

class ReportTest {

    @Test
    void programsFindTheFiguresTheyAskFor() throws IOException {
        JsonNode json = new ObjectMapper().readTree(SampleRuns.report().json());

        JsonNode bulkhead = json.at("/policies/bulkhead");
        assertEquals("ISOLATED", bulkhead.at("/outcome").textValue());
        assertEquals(20, bulkhead.at("/proof").size());
        assertEquals(1.9, bulkhead.at("/proof/18/volts").doubleValue());
        assertEquals(0, bulkhead.at("/serversLost").intValue());
        assertEquals(0, bulkhead.at("/serversLostElsewhere").intValue());
        assertEquals(0, bulkhead.at("/zoneEnergisedAfterWaterSeconds").intValue());
        assertEquals(
                8400 - 702 - 93 * 60,
                json.at("/policies/none/zoneEnergisedAfterWaterSeconds").intValue());
        assertEquals(32000, json.at("/policies/facility-cut/serversLost").intValue());
        assertTrue(json.at("/policies/none/proof").isEmpty());
        assertEquals(7, json.at("/seed").intValue());
        assertEquals("LAB", json.at("/mode").textValue());
        assertEquals(12, json.at("/speed").intValue());
        assertEquals(0, json.at("/overruns").intValue());
        assertTrue(json.at("/valid").booleanValue());
        assertEquals("cell-short.yaml", json.at("/scenario/file").textValue());
    }

    @Test
    void aFigureThatDoesNotExistIsNullAndNotZero() throws IOException {
        JsonNode json = new ObjectMapper().readTree(SampleRuns.report().json());

        assertTrue(json.at("/policies/none/secondsToDetect").isNull());
        assertTrue(json.at("/policies/none/secondsToIsolate").isNull());
    }

    @Test
    void theTimelineMixesTruthAndDecisionsInOrder() throws IOException {
        JsonNode timeline = new ObjectMapper().readTree(SampleRuns.report().json()).at("/timeline");

        double before = 0;
        Set<String> lanes = new TreeSet<>();
        for (JsonNode event : timeline) {
            assertTrue(event.at("/atSeconds").doubleValue() >= before, event.toString());
            before = event.at("/atSeconds").doubleValue();
            lanes.add(event.at("/lane").textValue());
        }
        assertEquals(Set.of("truth", "detection", "decision", "breaker", "proof"), lanes);
    }

    @Test
    void theSameRunsGiveTheSameBytes() {
        assertEquals(SampleRuns.report().json(), SampleRuns.report().json());
        assertEquals(SampleRuns.report().html(), SampleRuns.report().html());
    }

    @Test
    void thePageIsWellFormedAndFetchesNothing() throws Exception {
        String html = SampleRuns.report().html();

        Document page = parsed(html);
        assertEquals("html", page.getDocumentElement().getTagName());
        assertFalse(Pattern.compile("https?:|//[a-z]|url\\(|@import| src=").matcher(html).find());
    }

    @Test
    void theOnlyScriptIsTheOneThatThePageAllows() throws Exception {
        Document page = parsed(SampleRuns.report().html());

        var scripts = page.getElementsByTagName("script");
        assertEquals(1, scripts.getLength());
        byte[] digest =
                MessageDigest.getInstance("SHA-256")
                        .digest(scripts.item(0).getTextContent().getBytes(StandardCharsets.UTF_8));
        String policy =
                ((Element) page.getElementsByTagName("meta").item(1)).getAttribute("content");
        assertTrue(
                policy.contains(
                        "script-src 'sha256-" + Base64.getEncoder().encodeToString(digest) + "'"),
                policy);
    }

    /** Who reads without script, or on paper, sees the hottest frame. */
    @Test
    void theFilmStandsAtItsHottestFrameAndHasTheOthers() throws Exception {
        Document page = parsed(SampleRuns.report().html());

        var film = byId(page, "film");
        assertEquals("+00:00 +11:42", film.getAttribute("data-times"));
        assertTrue(film.getTextContent().contains("612 °C"));
        assertTrue(film.getTextContent().contains("fire"));
        List<Element> maps = withClass(film, "film-map");
        assertEquals(
                List.of("0000 0059", "0000 0003"),
                maps.stream().map(map -> map.getAttribute("data-frames")).toList());
        assertEquals(
                List.of("heat h0", "heat h0", "heat h5", "heat h9"),
                withClass(maps.getFirst(), "heat").stream()
                        .map(cell -> cell.getAttribute("class"))
                        .toList());
    }

    private static Element byId(Document page, String id) {
        return elements(page.getDocumentElement())
                .filter(element -> element.getAttribute("id").equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static List<Element> withClass(Element within, String name) {
        return elements(within)
                .filter(element -> List.of(element.getAttribute("class").split(" ")).contains(name))
                .toList();
    }

    private static Stream<Element> elements(Element within) {
        var all = within.getElementsByTagName("*");
        return IntStream.range(0, all.getLength()).mapToObj(all::item).map(Element.class::cast);
    }

    @Test
    void thePageSaysFirstWhatBecameOfRoomAndServers() throws Exception {
        String headline = text(parsed(SampleRuns.report().html()), "h1");

        assertEquals(
                "Room A1 is isolated, and that is proven. All 32,000 servers kept their supply.",
                headline);
    }

    @Test
    void everyTableAndDrawingCanBeReadWithoutSeeing() throws Exception {
        Document page = parsed(SampleRuns.report().html());

        var tables = page.getElementsByTagName("table");
        for (int index = 0; index < tables.getLength(); index++) {
            var heads = ((Element) tables.item(index)).getElementsByTagName("th");
            for (int head = 0; head < heads.getLength(); head++) {
                assertFalse(((Element) heads.item(head)).getAttribute("scope").isEmpty());
            }
        }
        var drawings = page.getElementsByTagName("svg");
        for (int index = 0; index < drawings.getLength(); index++) {
            var drawing = (Element) drawings.item(index);
            assertTrue(
                    drawing.getAttribute("aria-hidden").equals("true")
                            || drawing.getElementsByTagName("desc").getLength() == 1);
        }
    }

    /** A device's text in the page must stay text, or the page could be made to say anything. */
    @Test
    void whatADeviceSaysStaysText() throws Exception {
        var hostile = "<script>alert('&\"')</script>\u0007]]>";
        var report =
                new Report(
                        new Report.About(
                                hostile,
                                hostile,
                                hostile,
                                false,
                                hostile,
                                new Expectation(List.of(), List.of())),
                        List.of(SampleRuns.none()));

        String html = report.html();

        assertFalse(html.contains("<script>alert"));
        assertEquals(hostile.replace('\u0007', '\uFFFD'), text(parsed(html), "title"));
    }

    @Test
    void aRunThatOverranDoesNotCountAndSaysSo() throws Exception {
        var overran =
                SampleRuns.bulkhead(
                        SampleRuns.ledger(668),
                        new Conduct(
                                7,
                                Conduct.Mode.LAB,
                                60,
                                41,
                                Duration.ofSeconds(9),
                                "41 polls overran; use a lower speed"));
        var report = new Report(SampleRuns.report().about(), List.of(overran));

        assertFalse(new ObjectMapper().readTree(report.json()).at("/valid").booleanValue());
        assertTrue(report.html().contains("41 polls overran; use a lower speed"));
        assertTrue(String.join("\n", Summary.lines(report)).contains("This run does not count"));
    }

    /** Somebody may walk in on the strength of this page. */
    @Test
    void aRoomThatIsNotIsolatedIsCalledLive() throws Exception {
        var report = new Report(SampleRuns.report().about(), List.of(SampleRuns.failed()));

        assertEquals(
                "Room A1 is not isolated: treat it as live. All 32,000 servers kept their supply.",
                text(parsed(report.html()), "h1"));
        assertTrue(report.html().contains("1 of 18 breakers read open."));
        assertTrue(report.html().contains("✕ still closed 5 s after the trip"));
        assertFalse(report.isGood());
        assertTrue(
                new ObjectMapper()
                        .readTree(report.json())
                        .at("/policies/bulkhead/proof")
                        .isEmpty());
    }

    @Test
    void oneServerLostElsewhereIsOneTooMany() {
        var report = SampleRuns.report();
        var ledger = SampleRuns.ledger(List.of(SampleRuns.loss("R1", 1, 660)), 0, 668);
        var costly = SampleRuns.bulkhead(ledger, Conduct.plantAlone(7));

        assertTrue(report.isGood());
        assertFalse(new Report(report.about(), List.of(costly)).isGood());
    }

    @Test
    void theTerminalGetsTheVerdictAndOneLinePerPolicy() {
        assertEquals(
                """
                Room A1 is isolated, and that is proven. All 32,000 servers kept their supply.
                18 breakers read open and 2 busbars measure 1.9 V and 2.3 V, all asked for after the last command. The zone was dead 34 s before the first cell ran away.
                Still live in the room: string A1-S01 inside its cabinet, last read 558 V, and 19 more; the report lists them

                  policy          room     outcome      dead since   servers lost   elsewhere   live after water
                  none            A1       NONE               live              0           0        35 min 18 s
                  facility-cut    A1       NONE           +1:44:42         32,000      32,000                0 s
                  bulkhead        A1       ISOLATED         +11:08              0           0                0 s

                ✓ As expected: room A1 must be dead before its first flame, and no other.\
                """,
                String.join("\n", Summary.lines(SampleRuns.report())));
    }

    private static Report alone(RunRecord run) {
        return new Report(SampleRuns.report().about(), List.of(run));
    }

    private static JsonNode json(Report report) throws IOException {
        return new ObjectMapper().readTree(report.json());
    }

    /** Whoever plays a run alone must hear of it what the score card says. */
    @Test
    void aRunAloneIsHeldAgainstWhatTheCardHoldsItAgainst() {
        var about = SampleRuns.report().about();
        RunRecord none = SampleRuns.none();
        var anyway = OptionalInt.of(Score.of(none).lostElsewhere());
        for (RunRecord run :
                List.of(SampleRuns.facilityCut(), SampleRuns.bulkhead(), SampleRuns.failed())) {
            var played = ScoreCard.Played.of(run, about.expectation(), "");
            var row = new ScoreCard.Row(about, List.of(played), anyway.getAsInt());

            var report = new Report(about, List.of(run), anyway);

            assertEquals(row.unmet(played), report.unmet(run));
            assertEquals(row.unmet(played).isEmpty(), report.isGood());
        }
    }

    @Test
    void aRoomThatCannotBeIsolatedIsNotGoodThoughItWasExpected() {
        var about = SampleRuns.report().about();
        var given =
                new Report.About(
                        about.title(),
                        about.file(),
                        about.site(),
                        about.isHistory(),
                        about.source(),
                        new Expectation(List.of(), List.of(SampleRuns.ROOM)));
        RunRecord failed = SampleRuns.failed();
        var saidSo =
                SampleRuns.with(
                        failed,
                        failed.rooms(),
                        List.of(
                                new RunRecord.Decision(
                                        SampleRuns.at(700),
                                        RunRecord.Stage.PROOF,
                                        Expectation.FAILED,
                                        Optional.of(SampleRuns.ROOM),
                                        Optional.empty(),
                                        "breakers stick")),
                        failed.ledger());

        var report = new Report(given, List.of(saidSo));

        assertEquals(List.of(), report.unmet(saidSo));
        assertEquals(
                List.of("room A1 could not be isolated: expected, and bad all the same"),
                report.shortcomings());
    }

    @Test
    void whereNobodySwitchesTheRoomIsLiveAndThatIsNotGood() throws IOException {
        var report = alone(SampleRuns.none());

        assertFalse(report.isGood());
        assertEquals(List.of("room A1 is live at the end"), report.shortcomings());
        assertEquals(
                "Room A1 was not isolated: it is live. All 32,000 servers kept their supply.",
                Summary.lines(report).getFirst());
        assertEquals("✕ Room A1 is live at the end.", Summary.lines(report).getLast());
        JsonNode json = json(report);
        assertFalse(json.at("/good").booleanValue());
        assertEquals("A1", json.at("/expect/isolated/0/room").textValue());
        assertEquals("room A1 is live at the end", json.at("/unmet/0").textValue());
        assertFalse(json.at("/policies/none/asExpected").booleanValue());
        assertTrue(json.at("/policies/none/rooms/0/deadSinceSeconds").isNull());
    }

    /** Else the headline denies what the plant's own books have. */
    @Test
    void aRoomThatTheFacilityCutMadeDeadIsSaidToBeSo() throws Exception {
        var report = alone(SampleRuns.facilityCut());

        assertEquals(
                "Room A1 is dead since +1:44:42, by the facility cut. All 32,000 servers lost their"
                        + " supply.",
                text(parsed(report.html()), "h1"));
        assertTrue(report.html().contains("<p class=\"word\">Dead by the facility cut</p>"));
        assertEquals(
                "FACILITY_CUT",
                json(report).at("/policies/facility-cut/rooms/0/deadBy").textValue());
        assertEquals(
                List.of(
                        "room A1 dead at +1:44:42, wanted by +11:42, its first flame",
                        "32,000 servers elsewhere lost their supply"),
                report.shortcomings());
    }

    @Test
    void whatIsLostIfNobodySwitchesIsNobodysFault() {
        var ledger = SampleRuns.ledger(List.of(SampleRuns.loss("R1", 1, 660)), 0, 668);
        var costly = SampleRuns.bulkhead(ledger, Conduct.plantAlone(7));
        var about = SampleRuns.report().about();

        assertTrue(new Report(about, List.of(costly), OptionalInt.of(1)).isGood());
        assertFalse(new Report(about, List.of(costly), OptionalInt.of(0)).isGood());
    }

    /** The second fire of two is as much of a fire. */
    @Test
    void everyRoomThatFailsIsTold() throws Exception {
        var report = alone(SampleRuns.twoRooms());

        String headline =
                "Room A1 is isolated, and that is proven. Room B1 is failing and still live; a plan"
                        + " waits for approval. All 32,000 servers kept their supply.";
        List<String> lines = Summary.lines(report);
        assertEquals(headline, lines.getFirst());
        assertTrue(
                lines.contains("B1: Plan B1#1 was not carried out: another room became suspect."),
                lines::toString);
        assertTrue(
                lines.contains("                  B1       ADVISED            live"),
                lines::toString);
        Document page = parsed(report.html());
        assertEquals(headline, text(page, "h1"));
        assertTrue(report.html().contains("A1: Isolated, proven; B1: Advised only"));
        assertTrue(report.html().contains("<h2>Evidence for room B1</h2>"));
        assertTrue(report.html().contains("<h2>Plan B1#1</h2>"));
        JsonNode json = json(report);
        assertEquals("[\"A1\",\"B1\"]", json.at("/rooms").toString());
        JsonNode rooms = json.at("/policies/bulkhead/rooms");
        assertEquals("ISOLATED", rooms.at("/0/outcome").textValue());
        assertEquals("COMMAND", rooms.at("/0/deadBy").textValue());
        assertEquals("B1#1", rooms.at("/1/plan/id").textValue());
        assertEquals("ADVISED", json.at("/policies/bulkhead/outcome").textValue());
        assertTrue(json.at("/policies/bulkhead/secondsToProve").isNull());
        assertEquals(20, json.at("/policies/bulkhead/proof").size());
    }

    @Test
    void aPersonsHandIsToldFromACommand() {
        RunRecord good = SampleRuns.bulkhead();
        Ledger ledger = good.ledger();
        var fate = ledger.room(SampleRuns.ROOM);
        var byHand =
                new Ledger.RoomFate(
                        fate.room(),
                        fate.flameAt(),
                        Optional.empty(),
                        fate.deadSince(ledger.end()),
                        fate.energised());
        var run =
                SampleRuns.with(
                        SampleRuns.none(),
                        List.of(RunRecord.OfRoom.without(SampleRuns.ROOM, Outcome.NONE)),
                        List.of(),
                        SampleRuns.with(ledger, byHand));

        assertEquals(Optional.of(Dead.Act.HAND), Dead.of(run, SampleRuns.ROOM).map(Dead::by));
        assertEquals(Optional.of(Dead.Act.COMMAND), Dead.of(good, SampleRuns.ROOM).map(Dead::by));
    }

    @Test
    void aSpanBelowASecondIsNotFromATimeToTheSame() {
        String html = alone(SampleRuns.none()).html();

        assertTrue(html.contains("+1:18:50.0 for 20 ms on one feed"), html);
        assertTrue(html.contains("fewer than two backed UPS"));
    }

    @Test
    void bothFilesAreWritten(@TempDir Path folder) throws IOException {
        SampleRuns.report().write(folder.resolve("report"));

        assertEquals(
                SampleRuns.report().json(), Files.readString(folder.resolve("report/report.json")));
        assertEquals(
                SampleRuns.report().html(), Files.readString(folder.resolve("report/report.html")));
    }

    private static String text(Document page, String tag) {
        return page.getElementsByTagName(tag).item(0).getTextContent();
    }

    private static Document parsed(String html)
            throws ParserConfigurationException, IOException, SAXException {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(html)));
    }
}
