package dev.bulkhead.agent.peer;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * A broker for one client, in as much of MQTT 3.1.1 as this needs: it delivers what it was given,
 * again on each connection until it is acknowledged, and remembers what came of each connection.
 */
public final class FakeBroker implements AutoCloseable {
    /** One connection that went as far as MQTT. */
    public static final class Connection {
        private final Socket socket;
        private final DataOutputStream out;
        private final List<Integer> acknowledged = new CopyOnWriteArrayList<>();
        private volatile boolean isSubscribed;
        private volatile boolean isGoodBye;
        private volatile boolean isOver;
        private volatile Optional<String> will = Optional.empty();

        private Connection(Socket socket) throws IOException {
            this.socket = socket;
            this.out = new DataOutputStream(socket.getOutputStream());
        }

        /** The numbers the client acknowledged, in its order. */
        public List<Integer> acknowledged() {
            return List.copyOf(acknowledged);
        }

        public boolean isSubscribed() {
            return isSubscribed;
        }

        public boolean isOver() {
            return isOver;
        }

        /** Carried out where a connection ended without a good-bye. */
        public Optional<String> carriedOut() {
            return isOver && !isGoodBye ? will : Optional.empty();
        }

        private synchronized void send(int kind, byte[] body) throws IOException {
            out.writeByte(kind);
            int left = body.length;
            do {
                out.writeByte(left > 0x7F ? (left & 0x7F) | 0x80 : left);
                left >>= 7;
            } while (left > 0);
            out.write(body);
            out.flush();
        }
    }

    private record Message(int qos, String topic, String payload) {}

    private static final int CONNECT = 1;
    private static final int PUBLISH = 3;
    private static final int PUBACK = 4;
    private static final int SUBSCRIBE = 8;
    private static final int PINGREQ = 12;
    private static final int DISCONNECT = 14;
    private static final int HAS_WILL = 0x04;

    private final ServerSocket server;
    private final List<Connection> connections = new CopyOnWriteArrayList<>();
    private final SequencedMap<Integer, Message> unacknowledged = new TreeMap<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<String> taken = new CopyOnWriteArrayList<>();
    private volatile boolean isDeaf;
    private volatile boolean isStingy;
    private int lastNumber;

    public FakeBroker() throws IOException {
        this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    public FakeBroker(ServerSocket server) {
        this.server = server;
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    public List<Connection> connections() {
        return List.copyOf(connections);
    }

    /** What clients published, each a topic, a blank and a payload. */
    public List<String> taken() {
        return List.copyOf(taken);
    }

    /** Takes what is published and acknowledges none of it. */
    public void acknowledgeNothing() {
        isStingy = true;
    }

    /** Reads nothing any more, and closes nothing. */
    public void goDeaf() {
        isDeaf = true;
    }

    /** Delivers a message; returns when it is on the wire. */
    public void send(int qos, String topic, String payload) throws IOException {
        var message = new Message(qos, topic, payload);
        int number;
        synchronized (unacknowledged) {
            number = qos == 0 ? 0 : ++lastNumber;
            if (qos > 0) {
                unacknowledged.put(number, message);
            }
        }
        for (Connection connection : connections) {
            if (connection.isSubscribed && !connection.isOver) {
                deliver(connection, number, message);
            }
        }
    }

    private static void deliver(Connection connection, int number, Message message)
            throws IOException {
        var bytes = new ByteArrayOutputStream();
        var body = new DataOutputStream(bytes);
        body.writeUTF(message.topic());
        if (message.qos() > 0) {
            body.writeShort(number);
        }
        body.write(message.payload().getBytes(StandardCharsets.UTF_8));
        connection.send((PUBLISH << 4) | (message.qos() << 1), bytes.toByteArray());
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> talk(socket));
            }
        } catch (IOException _) {
            // It is closed.
        }
    }

    private void talk(Socket socket) {
        try (socket) {
            var in = new DataInputStream(socket.getInputStream());
            var connection = new Connection(socket);
            try {
                while (!connection.isGoodBye) {
                    if (isDeaf) {
                        over.await();
                    }
                    answer(connection, in.readUnsignedByte(), body(in));
                }
            } finally {
                connection.isOver = true;
            }
        } catch (IOException _) {
            // The client is gone, or only looked whether somebody is there.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] body(DataInputStream in) throws IOException {
        int length = 0;
        int shift = 0;
        int next;
        do {
            next = in.readUnsignedByte();
            length |= (next & 0x7F) << shift;
            shift += 7;
        } while (next > 0x7F);
        return in.readNBytes(length);
    }

    private void answer(Connection connection, int first, byte[] bytes) throws IOException {
        var body = new DataInputStream(new ByteArrayInputStream(bytes));
        switch (first >> 4) {
            case CONNECT -> {
                body.readUTF();
                body.readUnsignedByte();
                int flags = body.readUnsignedByte();
                body.readUnsignedShort();
                body.readUTF();
                if ((flags & HAS_WILL) != 0) {
                    body.readUTF();
                    connection.will = Optional.of(body.readUTF());
                }
                connections.add(connection);
                connection.send(0x20, new byte[] {0, 0});
            }
            case SUBSCRIBE -> {
                connection.send(0x90, new byte[] {bytes[0], bytes[1], 1});
                subscribed(connection);
            }
            case PUBLISH -> {
                String topic = body.readUTF();
                byte[] number = body.readNBytes(2);
                taken.add(topic + " " + new String(body.readAllBytes(), StandardCharsets.UTF_8));
                if (!isStingy) {
                    connection.send(PUBACK << 4, number);
                }
            }
            case PUBACK -> acknowledged(connection, body.readUnsignedShort());
            case PINGREQ -> connection.send(0xD0, new byte[0]);
            case DISCONNECT -> connection.isGoodBye = true;
            default -> throw new IOException("not understood: " + first);
        }
    }

    private void subscribed(Connection connection) throws IOException {
        List<Map.Entry<Integer, Message>> waiting;
        synchronized (unacknowledged) {
            connection.isSubscribed = true;
            waiting = new ArrayList<>(unacknowledged.entrySet());
        }
        for (Map.Entry<Integer, Message> one : waiting) {
            deliver(connection, one.getKey(), one.getValue());
        }
    }

    private void acknowledged(Connection connection, int number) {
        connection.acknowledged.add(number);
        synchronized (unacknowledged) {
            unacknowledged.remove(number);
        }
    }

    @Override
    public void close() throws IOException {
        over.countDown();
        server.close();
        for (Connection connection : connections) {
            connection.socket.close();
        }
    }
}
