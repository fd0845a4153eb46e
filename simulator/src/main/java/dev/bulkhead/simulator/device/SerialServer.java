package dev.bulkhead.simulator.device;

import dev.bulkhead.rules.site.GatewayId;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;

/** One gateway's units on a serial line, until the line is gone or this is closed. */
final class SerialServer implements Closeable {
    /** S_IFMT and S_IFCHR of stat(2). */
    private static final int FILE_TYPE = 0xF000;

    private static final int CHARACTER_DEVICE = 0x2000;

    private final FileInputStream in;
    private final OutputStream out;
    private final CountDownLatch closed = new CountDownLatch(1);

    private SerialServer(FileInputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
    }

    /**
     * Answers on a line from now on.
     *
     * @throws IOException also of whatever is no line, of which nothing is touched
     */
    static SerialServer open(GatewayId gateway, Path device, Answering answering)
            throws IOException {
        try {
            checkIsLine(device);
            return open(gateway, new FileInputStream(device.toFile()), device, answering);
        } catch (IOException refused) {
            throw new IOException(
                    "line %s for gateway %s can't be opened".formatted(device, gateway), refused);
        }
    }

    /** A plain file would be served too, and overwritten. */
    private static void checkIsLine(Path device) throws IOException {
        int mode = (int) Files.getAttribute(device, "unix:mode");
        if ((mode & FILE_TYPE) != CHARACTER_DEVICE) {
            throw new IOException("it is no serial line or pseudo-terminal");
        }
    }

    private static SerialServer open(
            GatewayId gateway, FileInputStream in, Path device, Answering answering)
            throws IOException {
        var server = new SerialServer(in, Files.newOutputStream(device, StandardOpenOption.WRITE));
        var conversation =
                new Conversation(
                        new DataInputStream(new BufferedInputStream(in, 1024)),
                        server.out,
                        new Framing.Rtu(),
                        answering,
                        server.closed);
        Thread.ofPlatform().daemon().name("gateway-" + gateway).start(() -> serve(conversation));
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
