package dev.bulkhead.simulator.device;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** One gateway's units on a serial line, until the line is gone or this is closed. */
final class SerialServer implements Closeable {
    private final FileInputStream in;
    private final FileOutputStream out;
    private final CountDownLatch closed = new CountDownLatch(1);

    private SerialServer(FileInputStream in, FileOutputStream out) {
        this.in = in;
        this.out = out;
    }

    /**
     * Answers on a line from now on.
     *
     * @param name for its thread
     */
    static SerialServer open(String name, Path device, Answering answering) throws IOException {
        FileInputStream in;
        try {
            in = new FileInputStream(device.toFile());
        } catch (IOException refused) {
            throw new IOException(
                    "line %s for %s: %s".formatted(device, name, refused.getMessage()), refused);
        }
        var server = new SerialServer(in, new FileOutputStream(device.toFile()));
        var conversation =
                new Conversation(
                        new DataInputStream(new BufferedInputStream(in, 1024)),
                        server.out,
                        new Framing.Rtu(),
                        answering,
                        server.closed);
        Thread.ofPlatform().daemon().name(name).start(() -> serve(conversation));
        return server;
    }

    private static void serve(Conversation conversation) {
        try {
            boolean isOpen = true;
            while (isOpen) {
                isOpen = conversation.exchange();
            }
        } catch (IOException _) {
            // The line is gone.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** A thread that waits for a byte stays until one comes: nothing wakes a read of a file. */
    @Override
    public void close() throws IOException {
        closed.countDown();
        out.close();
        in.close();
    }
}
