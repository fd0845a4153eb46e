package dev.bulkhead.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The units as systemd itself reads them. A key that it doesn't know it only warns of, and leaves
 * out: a limit or a lock that was meant and isn't there.
 */
@NeedsPeer("systemd-analyze")
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class SystemdIT {
    private static final Path UNITS = Path.of("../systemd");

    /** What every service needs of a system, if it says nothing else. */
    private static final List<String> TARGETS = List.of("sysinit", "basic", "shutdown");

    /** In tenths: what systemd calls "OK" begins below 50. */
    private static final String MOST_EXPOSED = "--threshold=40";

    @TempDir private Path root;
    private Path folder;

    /** What a command said, on both of its outputs, and its exit code. */
    private record Said(int code, String text) {}

    @BeforeEach
    void install() throws IOException {
        folder = Files.createDirectories(root.resolve("etc/systemd/system"));
        for (String target : TARGETS) {
            Files.writeString(
                    folder.resolve(target + ".target"), "[Unit]\nDescription=" + target + "\n");
        }
        Path program = Files.createDirectories(root.resolve("usr/bin")).resolve("bulkhead");
        Files.writeString(program, "#!/bin/sh\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Said analyze(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("systemd-analyze", "--no-pager"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), text);
    }

    private Said verify(String unit) throws IOException, InterruptedException {
        return analyze("--root=" + root, "verify", unit);
    }

    @ParameterizedTest
    @CsvSource({
        "bulkhead-agent.service, bulkhead-agent.service",
        "bulkhead-bridge@.service, bulkhead-bridge@a.service"
    })
    void systemdReadsTheUnitWithoutAWord(String file, String unit)
            throws IOException, InterruptedException {
        Files.copy(UNITS.resolve(file), folder.resolve(file));
        assertEquals(new Said(0, ""), verify(unit));
    }

    @Test
    void systemdReadsTheAgentsUnitWithSerialPortsWithoutAWord()
            throws IOException, InterruptedException {
        String unit = "bulkhead-agent.service";
        Files.copy(UNITS.resolve(unit), folder.resolve(unit));
        Path dropIns = Files.createDirectories(folder.resolve(unit + ".d"));
        Files.copy(UNITS.resolve("serial.conf"), dropIns.resolve("serial.conf"));
        assertEquals(new Said(0, ""), verify(unit));
    }

    @Test
    void aKeyThatSystemdDoesNotKnowWouldBeSeen() throws IOException, InterruptedException {
        String unit = "bulkhead-agent.service";
        String text = Files.readString(UNITS.resolve(unit));
        Files.writeString(folder.resolve(unit), text.replace("RestartSec=", "RestartSecs="));
        Said said = verify(unit);
        assertTrue(said.text().contains("RestartSecs"), said::toString);
    }

    @ParameterizedTest
    @CsvSource({"bulkhead-agent.service", "bulkhead-bridge@.service"})
    void theUnitIsLockedIn(String file) throws IOException, InterruptedException {
        Said said =
                analyze(
                        "security",
                        "--offline=yes",
                        MOST_EXPOSED,
                        UNITS.resolve(file).toAbsolutePath().normalize().toString());
        assertEquals(0, said.code(), said::toString);
    }

    /** A broker that is away must not keep a facility from being watched. */
    @Test
    void theAgentWaitsForNobody() throws IOException {
        List<String> lines = Files.readAllLines(UNITS.resolve("bulkhead-agent.service"));
        assertEquals(
                List.of("After=network.target"),
                lines.stream()
                        .filter(line -> line.matches("(After|Requires|Wants|BindsTo|PartOf)=.*"))
                        .toList());
    }
}
