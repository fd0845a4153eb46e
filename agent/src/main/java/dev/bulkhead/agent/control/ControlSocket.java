package dev.bulkhead.agent.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent's end of the control socket: one thread, {@code control}, no waiting for any client.
 * Only the user the agent runs as, and root, are answered.
 */
public final class ControlSocket implements Runnable, Closeable {

    /** What came of opening. */
    public sealed interface Opening {
        record Opened(ControlSocket socket) implements Opening {}

        record Refused(String why) implements Opening {}
    }

    /** The longest request is an order with a reason of 500 characters of four bytes. */
    static final int LONGEST_REQUEST_BYTES = 8 << 10;

    /** People at one machine; more than this is a mistake. */
    private static final int MOST_CLIENTS = 32;

    /** A whole exchange; a command line takes milliseconds. */
    private static final Duration EXCHANGE_LIMIT = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);

    private final Path path;
    private final ServerSocketChannel server;
    private final Selector selector;
    private final UserPrincipal owner;
    private final Display display;
    private final CommandSink sink;
    private final Duration exchangeLimit;

    /** Of the thread in {@link #run}. */
    private final Set<Client> clients = new LinkedHashSet<>();

    private ControlSocket(
            Path path,
            ServerSocketChannel server,
            Display display,
            CommandSink sink,
            Duration exchangeLimit)
            throws IOException {
        this.path = path;
        this.server = server;
        this.selector = Selector.open();
        this.owner = Files.getOwner(path);
        this.display = display;
        this.sink = sink;
        this.exchangeLimit = exchangeLimit;
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
    }

    /**
     * Makes the socket; {@link #run} then answers. One that a killed agent left behind is replaced,
     * one on which somebody listens is not.
     */
    public static Opening open(Path path, Display display, CommandSink sink) {
        return open(path, display, sink, EXCHANGE_LIMIT);
    }

    static Opening open(Path path, Display display, CommandSink sink, Duration exchangeLimit) {
        try {
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                if (!Files.readAttributes(
                                path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .isOther()) {
                    return new Opening.Refused(path + " is there and is no socket");
                }
                if (isAnswered(path)) {
                    return new Opening.Refused("another agent listens at " + path);
                }
                Files.delete(path);
            }
            var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                server.bind(UnixDomainSocketAddress.of(path));
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
                return new Opening.Opened(
                        new ControlSocket(path, server, display, sink, exchangeLimit));
            } catch (IOException failed) {
                server.close();
                throw failed;
            }
        } catch (IOException failed) {
            return new Opening.Refused("control socket " + path + ": " + failed.getMessage());
        }
    }

    private static boolean isAnswered(Path path) {
        try (var _ = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            return true;
        } catch (IOException _) {
            // Nobody accepts: it was left behind.
            return false;
        }
    }

    /** Answers until closed or interrupted. */
    @Override
    public void run() {
        try {
            while (selector.isOpen() && !Thread.currentThread().isInterrupted()) {
                selector.select(this::serve, untilNextDeadlineMillis());
                dropTheSlow();
            }
        } catch (ClosedSelectorException _) {
            // Closed while it was used: the end.
        } catch (IOException failed) {
            LOG.error("the control socket {} is lost: {}", path, failed.getMessage());
        } finally {
            close();
            List.copyOf(clients).forEach(Client::close);
        }
    }

    private long untilNextDeadlineMillis() {
        long now = System.nanoTime();
        long nearest = Long.MAX_VALUE;
        for (Client client : clients) {
            nearest = Math.min(nearest, client.deadlineNanos - now);
        }
        return nearest == Long.MAX_VALUE ? 0 : Math.max(1, nearest / 1_000_000 + 1);
    }

    private void dropTheSlow() {
        long now = System.nanoTime();
        for (Client client : List.copyOf(clients)) {
            if (now - client.deadlineNanos >= 0) {
                client.close();
            }
        }
    }

    private void serve(SelectionKey key) {
        if (key.attachment() instanceof Client client) {
            client.advance(key);
        } else {
            accept();
        }
    }

    private void accept() {
        try {
            SocketChannel channel = server.accept();
            if (channel == null) {
                return;
            }
            if (clients.size() >= MOST_CLIENTS) {
                channel.close();
                return;
            }
            var client = new Client(channel, System.nanoTime() + exchangeLimit.toNanos());
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, client);
            clients.add(client);
        } catch (IOException failed) {
            LOG.warn("a client of the control socket is lost: {}", failed.getMessage());
        }
    }

    /** One exchange: a line comes in, a line goes out, and it ends. */
    private final class Client {
        private final SocketChannel channel;
        private final long deadlineNanos;
        private final ByteBuffer request = ByteBuffer.allocate(LONGEST_REQUEST_BYTES);
        private ByteBuffer reply = ByteBuffer.allocate(0);
        private boolean isAnswered;

        Client(SocketChannel channel, long deadlineNanos) {
            this.channel = channel;
            this.deadlineNanos = deadlineNanos;
        }

        void advance(SelectionKey key) {
            try {
                if (isAnswered) {
                    leave();
                    return;
                }
                if (key.isReadable() && !reply.hasRemaining()) {
                    read(key);
                }
                if (reply.hasRemaining()) {
                    channel.write(reply);
                    if (!reply.hasRemaining()) {
                        isAnswered = true;
                        channel.shutdownOutput();
                        key.interestOps(SelectionKey.OP_READ);
                    }
                }
            } catch (IOException _) {
                // The client went away; it will ask again if it cares.
                close();
            }
        }

        /**
         * Waits for the client to go, reading past what it still says: a socket closed with
         * something unread in it takes the reply back.
         */
        private void leave() throws IOException {
            request.clear();
            if (channel.read(request) < 0) {
                close();
            }
        }

        private void read(SelectionKey key) throws IOException {
            int count = channel.read(request);
            int end = lineEnd();
            if (end >= 0) {
                String line = new String(request.array(), 0, end, UTF_8);
                answer(key, reply(line));
            } else if (!request.hasRemaining()) {
                answer(
                        key,
                        new Reply.Refused(
                                "a request has "
                                        + LONGEST_REQUEST_BYTES
                                        + " bytes at most and ends with its line"));
            } else if (count < 0) {
                close();
            }
        }

        private int lineEnd() {
            for (int at = 0; at < request.position(); at++) {
                if (request.get(at) == '\n') {
                    return at;
                }
            }
            return -1;
        }

        private Reply reply(String line) throws IOException {
            UserPrincipal user = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
            if (!user.equals(owner) && !user.getName().equals("root")) {
                return new Reply.Refused("only " + owner.getName() + " and root are answered");
            }
            try {
                return switch (Wire.request(line)) {
                    case Request.Look _ -> new Reply.Seen(display.view());
                    case Request.LookAtSignals _ -> display.signals();
                    case Request.Order(var by, var why, var command) ->
                            sink.order(command, by + " (user " + user.getName() + ")", why);
                };
            } catch (Wire.Malformed wrong) {
                return new Reply.Refused("not understood: " + wrong.getMessage());
            }
        }

        private void answer(SelectionKey key, Reply answer) {
            reply = ByteBuffer.wrap(Wire.line(answer));
            key.interestOps(SelectionKey.OP_WRITE);
        }

        void close() {
            clients.remove(this);
            closeQuietly(channel);
        }
    }

    private static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException failed) {
            LOG.debug("closing: {}", failed.getMessage());
        }
    }

    /** Ends {@link #run} and takes the socket away. May be called twice. */
    @Override
    public synchronized void close() {
        if (!selector.isOpen()) {
            return;
        }
        closeQuietly(selector);
        closeQuietly(server);
        try {
            Files.deleteIfExists(path);
        } catch (IOException failed) {
            LOG.warn("the control socket {} stays behind: {}", path, failed.getMessage());
        }
    }
}
