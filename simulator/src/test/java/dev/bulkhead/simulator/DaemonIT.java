package dev.bulkhead.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.bulkhead.agent.journal.JournalFile;
import dev.bulkhead.rules.Event;
import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.simulator.device.SilentDevice;
import dev.bulkhead.simulator.device.SimulatedGateway;
import dev.bulkhead.simulator.plant.Happening;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code bulkhead run} as a daemon at real time, against a simulated facility on real sockets. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class DaemonIT {
    private static final BreakerId QB = new BreakerId("QB-A1-1");
    private static final String LOCAL = "breaker-local@QB-A1-1";

    @TempDir private Path folder;
    private ServedFacility served;

    @BeforeEach
    void serve() throws IOException {
        served = ServedFacility.in(folder);
    }

    @AfterEach
    void stop() throws IOException {
        served.close();
    }

    private String told(String... command) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(List.of("--config", served.path("agent.yaml")));
        return ServedFacility.told(arguments.toArray(String[]::new));
    }

    private String alarms() {
        return told("alarms", "list");
    }

    /** An operator's acknowledgement must not be forgotten because a process died. */
    @Test
    void anAcknowledgedAlarmIsStillAcknowledgedAfterAKill()
            throws IOException, InterruptedException {
        Process first = served.agent("first.log");
        served.inPlant(() -> served.plant().apply(new Happening.SetLocal(QB, true)));
        ServedFacility.await(() -> alarms().contains(LOCAL));

        String answer = told("alarms", "ack", LOCAL, "--by", "Kim", "--why", "work permit 17");
        ServedFacility.await(() -> alarms().lines().anyMatch(DaemonIT::isAcknowledged));
        first.destroyForcibly().waitFor();
        served.agent("second.log");
        ServedFacility.await(() -> alarms().contains(LOCAL));

        assertTrue(alarms().lines().anyMatch(DaemonIT::isAcknowledged), answer + alarms());
        served.inPlant(() -> served.plant().apply(new Happening.SetLocal(QB, false)));
        ServedFacility.await(() -> !alarms().contains(LOCAL));
    }

    private static boolean isAcknowledged(String line) {
        return line.contains(LOCAL) && line.contains("ACKNOWLEDGED") && !line.contains("UNACK");
    }

    @Test
    void toldToStopItStopsAndASecondOneOnItsJournalIsRefused()
            throws IOException, InterruptedException {
        Process first = served.agent("first.log");
        ServedFacility.await(() -> told("rooms", "list").contains("B1"));

        Process second = served.agent("second.log");
        assertEquals(1, second.waitFor(), () -> "the journal is taken");
        assertTrue(served.log("second.log").contains("journal"), served.log("second.log"));

        first.destroy();
        assertEquals(0, first.waitFor());
        assertTrue(served.log("first.log").contains("told to stop"), served.log("first.log"));
    }

    /** At 3 a.m. a lost device is one line, not one a second. */
    @Test
    void aLostDeviceIsReportedOnceAndOnceWhenItIsBack() throws IOException, InterruptedException {
        var device = new DeviceId("A1-busbars");
        SimulatedGateway gateway =
                Site.known(
                        served.gateways(),
                        Site.known(served.facility().site().devices(), device).gateway());
        served.agent("agent.log");
        ServedFacility.await(() -> told("rooms", "list").contains("B1"));
        var silence = new SilentDevice();

        served.inPlant(() -> gateway.inflict(device, silence));
        ServedFacility.await(() -> !served.lines("agent.log", device + " is silent").isEmpty());
        served.inPlant(() -> gateway.mend(device, silence));
        ServedFacility.await(() -> !served.lines("agent.log", device + " answers again").isEmpty());

        List<String> lost = served.lines("agent.log", device + " is silent");
        List<String> back = served.lines("agent.log", device + " answers again");
        assertEquals(1, lost.size(), () -> "" + lost);
        assertEquals(1, back.size(), () -> "" + back);
    }

    /** The host's clock was a day ahead, and is set back while nobody runs. */
    @Test
    void aJournalThatEndsAheadOfTheClockIsGoneOnFrom() throws IOException, InterruptedException {
        Path journal = Path.of(served.path("journal"));
        Instant tomorrow = Instant.now().plus(1, ChronoUnit.DAYS);
        switch (JournalFile.open(journal, 1 << 20)) {
            case JournalFile.Opening.Opened opened -> {
                opened.journal()
                        .append(List.of(new Event.CommandRefused(tomorrow, "Kim", "ack", "none")));
                opened.journal().close();
            }
            case JournalFile.Opening.Refused refused -> fail(refused.why());
        }
        served.inPlant(() -> served.plant().apply(new Happening.SetLocal(QB, true)));
        served.agent("agent.log");
        ServedFacility.await(() -> alarms().contains(LOCAL));

        List<Event> events = JournalFile.read(journal).events();
        assertTrue(events.size() > 1, () -> "" + events);
        assertTrue(
                events.stream().noneMatch(event -> event.at().isBefore(tomorrow)),
                () -> "" + events);
        assertEquals(1, served.lines("agent.log", "the journal ends at " + day(tomorrow)).size());
        assertTrue(alarms().contains("This host's clock says "), this::alarms);
    }

    private static String day(Instant at) {
        return at.toString().substring(0, 10);
    }
}
