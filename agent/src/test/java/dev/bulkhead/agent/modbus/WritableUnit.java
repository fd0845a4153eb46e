package dev.bulkhead.agent.modbus;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Coils and holding registers of any unit behind a real socket, which can be written, and which go
 * wrong in the middle of it as they are told to. All are 0 until they are written.
 */
public final class WritableUnit implements AutoCloseable {
    /** What becomes of a write that came in. */
    public enum Fate {
        DONE,
        /** Done, and not answered. */
        SILENT,
        /** Done, and the connection ends instead of an answer. */
        HANGS_UP,
        /** Done, and half of the answer comes. */
        HALF,
        /** Done, and the answer is another request's. */
        WRONG_NUMBER,
        /** Exception 2. */
        REFUSED,
        /** Exception 4: nobody knows what was done. */
        FAILED
    }

    private static final int HEADER = 6;

    private final ServerSocket server;
    private final Map<String, Integer> values = new ConcurrentHashMap<>();
    private final List<Bytes> writes = new CopyOnWriteArrayList<>();
    private final List<Bytes> requests = new CopyOnWriteArrayList<>();
    private volatile Fate fate = Fate.DONE;

    public WritableUnit() {
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("writable").start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** From now on this becomes of writes. */
    public void befall(Fate next) {
        fate = next;
    }

    /** The frames that wanted to write something, from the unit on. */
    public List<Bytes> writes() {
        return List.copyOf(writes);
    }

    /** How many frames came at all. */
    public int requests() {
        return requests.size();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException _) {
            // Closed: the test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new DataInputStream(socket.getInputStream());
            while (true) {
                var header = new byte[HEADER];
                in.readFully(header);
                var body = new byte[Bytes.of(header).word(4)];
                in.readFully(body);
                requests.add(Bytes.of(body));
                if (!answer(Bytes.of(header).word(0), Bytes.of(body), socket.getOutputStream())) {
                    return;
                }
            }
        } catch (IOException _) {
            // The agent has closed it.
        }
    }

    private boolean answer(int number, Bytes body, OutputStream out) throws IOException {
        int function = body.at(1);
        if (function < 5) {
            out.write(framed(number, read(body)).toArray());
            return true;
        }
        writes.add(body);
        if (fate != Fate.REFUSED && fate != Fate.FAILED) {
            write(body);
        }
        Bytes echo = framed(number, body.slice(0, 6));
        switch (fate) {
            case DONE -> out.write(echo.toArray());
            case SILENT, HANGS_UP -> {}
            case HALF -> out.write(echo.slice(0, 9).toArray());
            case WRONG_NUMBER -> out.write(framed(number + 1, body.slice(0, 6)).toArray());
            case REFUSED -> out.write(framed(number, exception(body, 2)).toArray());
            case FAILED -> out.write(framed(number, exception(body, 4)).toArray());
        }
        return fate != Fate.HANGS_UP;
    }

    private static Bytes exception(Bytes body, int code) {
        return Bytes.ofByte(body.at(0))
                .plus(Bytes.ofByte(body.at(1) | 0x80))
                .plus(Bytes.ofByte(code));
    }

    private static Bytes framed(int number, Bytes body) {
        return Bytes.ofWord(number)
                .plus(Bytes.ofWord(0))
                .plus(Bytes.ofWord(body.length()))
                .plus(body);
    }

    private Bytes read(Bytes body) {
        boolean isOfCoils = body.at(1) == 1;
        int address = body.word(2);
        int count = body.word(4);
        Bytes data = Bytes.NONE;
        if (isOfCoils) {
            for (int i = 0; i < count; i += 8) {
                int bits = 0;
                for (int bit = 0; bit < 8 && i + bit < count; bit++) {
                    bits |= value("coil", address + i + bit) << bit;
                }
                data = data.plus(Bytes.ofByte(bits));
            }
        } else {
            for (int i = 0; i < count; i++) {
                data = data.plus(Bytes.ofWord(value("register", address + i)));
            }
        }
        return body.slice(0, 2).plus(Bytes.ofByte(data.length())).plus(data);
    }

    private int value(String table, int address) {
        return values.getOrDefault(table + address, 0);
    }

    private void write(Bytes body) {
        int address = body.word(2);
        int value = body.word(4);
        switch (body.at(1)) {
            case 5 -> values.put("coil" + address, value == 0xFF00 ? 1 : 0);
            case 6 -> values.put("register" + address, value);
            case 15 -> {
                for (int i = 0; i < value; i++) {
                    values.put("coil" + (address + i), body.at(7 + i / 8) >> i % 8 & 1);
                }
            }
            case 16 -> {
                for (int i = 0; i < value; i++) {
                    values.put("register" + (address + i), body.word(7 + 2 * i));
                }
            }
            default -> throw new IllegalStateException("function " + body.at(1));
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
