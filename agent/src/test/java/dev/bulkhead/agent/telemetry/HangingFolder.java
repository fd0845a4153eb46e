package dev.bulkhead.agent.telemetry;

import dev.bulkhead.agent.disk.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A folder on a disk on which no write comes back before a latch is down. */
record HangingFolder(SpoolFolder real, CountDownLatch hang) implements SpoolFolder {
    private void hangOn() throws IOException {
        try {
            hang.await();
        } catch (InterruptedException interrupted) {
            throw new IOException(interrupted);
        }
    }

    @Override
    public Closeable lock() throws IOException {
        return real.lock();
    }

    @Override
    public List<String> names() throws IOException {
        return real.names();
    }

    @Override
    public Disk open(String name) throws IOException {
        hangOn();
        return real.open(name);
    }

    @Override
    public void delete(String name) throws IOException {
        hangOn();
        real.delete(name);
    }

    @Override
    public void replace(String name, String text) throws IOException {
        hangOn();
        real.replace(name, text);
    }

    @Override
    public Optional<String> text(String name) throws IOException {
        return real.text(name);
    }
}
