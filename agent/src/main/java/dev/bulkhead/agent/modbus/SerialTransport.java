package dev.bulkhead.agent.modbus;

import com.fazecast.jSerialComm.SerialPort;
import com.fazecast.jSerialComm.SerialPortInvalidPortException;
import dev.bulkhead.rules.site.SerialLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A serial port, by jSerialComm, which comes with j2mod. j2mod's own serial connection isn't used:
 * it frames, waits and repeats by itself (decision 8).
 *
 * <p>A read is a native call, which nothing interrupts. So it waits in short turns, and whoever
 * reads also closes the port: closed by another thread in the middle of a read, its number could
 * already be another file's.
 */
final class SerialTransport implements BlockingTransport {
    /** How long it may take to notice that it was cut. */
    private static final int TURN_MILLIS = 50;

    /** S_IFMT and S_IFCHR of stat(2). */
    private static final int FILE_TYPE = 0xF000;

    private static final int CHARACTER_DEVICE = 0x2000;

    private final SerialLine line;
    private volatile @Nullable SerialPort port;
    private volatile boolean isCut;

    SerialTransport(SerialLine line) {
        this.line = line;
    }

    @Override
    public void open() throws IOException {
        SerialPort found = found();
        found.setComPortParameters(
                line.baud(), line.dataBits(), stopBits(line.stopBits()), parity(line.parity()));
        found.setFlowControl(SerialPort.FLOW_CONTROL_DISABLED);
        found.setComPortTimeouts(SerialPort.TIMEOUT_READ_SEMI_BLOCKING, TURN_MILLIS, 0);
        if (!found.openPort()) {
            throw new IOException(
                    "%s can't be opened, error %d: it is in use, or this user may not, or it can't be set so (a pseudo-terminal takes parity none only)"
                            .formatted(line.device(), found.getLastErrorCode()));
        }
        port = found;
        found.flushIOBuffers();
    }

    private SerialPort found() throws IOException {
        checkIsDevice();
        try {
            return SerialPort.getCommPort(line.device());
        } catch (SerialPortInvalidPortException _) {
            throw noDevice();
        } catch (LinkageError missing) {
            throw new IOException(
                    "the library for serial ports can't be loaded from %s or %s (%s)"
                            .formatted(
                                    System.getProperty("java.io.tmpdir"),
                                    System.getProperty("user.home"),
                                    missing.getMessage()),
                    missing);
        }
    }

    /** Before anything is opened: the library would set a plain file too, and write to it. */
    private void checkIsDevice() throws IOException {
        try {
            int mode = (int) Files.getAttribute(Path.of(line.device()), "unix:mode");
            if ((mode & FILE_TYPE) != CHARACTER_DEVICE) {
                throw noDevice();
            }
        } catch (NoSuchFileException _) {
            throw new IOException("there is no " + line.device());
        }
    }

    private IOException noDevice() {
        return new IOException(line.device() + " is no serial device");
    }

    private static int parity(SerialLine.Parity parity) {
        return switch (parity) {
            case NONE -> SerialPort.NO_PARITY;
            case EVEN -> SerialPort.EVEN_PARITY;
            case ODD -> SerialPort.ODD_PARITY;
        };
    }

    private static int stopBits(int count) {
        return count == 2 ? SerialPort.TWO_STOP_BITS : SerialPort.ONE_STOP_BIT;
    }

    @Override
    public int read(byte[] bytes) throws IOException {
        SerialPort open = opened();
        int count = 0;
        while (count == 0) {
            if (isCut) {
                return -1;
            }
            count = open.readBytes(bytes, bytes.length);
        }
        if (count < 0) {
            throw new IOException(line.device() + " is gone");
        }
        return count;
    }

    @Override
    public void write(Bytes bytes) throws IOException {
        int written = opened().writeBytes(bytes.toArray(), bytes.length());
        if (written != bytes.length()) {
            throw new IOException(
                    "%s took %d of %d bytes".formatted(line.device(), written, bytes.length()));
        }
    }

    private SerialPort opened() throws IOException {
        SerialPort open = port;
        if (open == null) {
            throw new IOException(line.device() + " isn't open");
        }
        return open;
    }

    @Override
    public void cut() {
        isCut = true;
    }

    @Override
    public void close() {
        SerialPort open = port;
        port = null;
        if (open != null) {
            open.closePort();
        }
    }

    @Override
    public boolean holdsItsThread() {
        return true;
    }
}
