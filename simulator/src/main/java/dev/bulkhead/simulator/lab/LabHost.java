package dev.bulkhead.simulator.lab;

import dev.bulkhead.simulator.scenario.Incident;
import dev.bulkhead.simulator.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The host of a laboratory's agent: the disk with its files, and its wall clock. */
final class LabHost implements AutoCloseable {
    /** The agent reserves 64 MiB of it for its journal, unless its file says otherwise. */
    private static final String DISK_SIZE = "256m";

    private final Path work;
    private final Optional<SmallDisk> disk;
    private Duration clockAhead = Duration.ZERO;
    private Instant fullUntil = Instant.MAX;

    private LabHost(Path work, Optional<SmallDisk> disk) {
        this.work = work;
        this.disk = disk;
    }

    /**
     * Makes it.
     *
     * @param work an empty folder
     * @throws IOException also if the scenario fills a disk and none can be mounted
     */
    static LabHost in(Path work, Scenario scenario) throws IOException {
        boolean isFilled =
                scenario.timeline().stream()
                        .anyMatch(timed -> timed.incident() instanceof Incident.DiskFull);
        Optional<SmallDisk> disk =
                isFilled
                        ? Optional.of(SmallDisk.mount(Files.createDirectory(disk(work)), DISK_SIZE))
                        : Optional.empty();
        return new LabHost(work, disk);
    }

    private static Path disk(Path work) {
        return work.resolve("disk");
    }

    /** Where the agent's files lie. */
    Path home() {
        return disk.isPresent() ? disk(work) : work;
    }

    /** How far its wall clock is ahead of plant time. */
    Duration clockAhead() {
        return clockAhead;
    }

    void befall(Incident.OfHost incident, Instant now) throws IOException {
        switch (incident) {
            case Incident.ClockSet(Duration by) -> clockAhead = clockAhead.plus(by);
            case Incident.DiskFull(Duration lasting) -> {
                disk.orElseThrow().fill();
                Instant until = now.plus(lasting);
                boolean isLonger = fullUntil.equals(Instant.MAX) || until.isAfter(fullUntil);
                fullUntil = isLonger ? until : fullUntil;
            }
        }
    }

    /** Plant time went on. */
    void moment(Instant now) throws IOException {
        if (!now.isBefore(fullUntil)) {
            free();
        }
    }

    private void free() throws IOException {
        fullUntil = Instant.MAX;
        if (disk.isPresent()) {
            disk.get().free();
        }
    }

    /** Lets what the agent has written outlive the host, in the folder it was made in. */
    void keep() throws IOException {
        free();
        if (disk.isEmpty()) {
            return;
        }
        try (var files = Files.walk(home())) {
            for (Path file : files.skip(1).toList()) {
                Files.copy(
                        file,
                        work.resolve(home().relativize(file)),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (disk.isPresent()) {
            disk.get().close();
        }
    }
}
