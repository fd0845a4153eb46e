package dev.bulkhead.agent.modbus;

import dev.bulkhead.rules.site.Link;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A TCP connection without TLS. Once it is open, neither reading nor writing holds a thread. */
final class ChannelTransport implements Transport {
    private final Link.Networked link;
    private final ChannelDriver driver = ChannelDriver.one();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private volatile @Nullable SocketChannel channel;

    ChannelTransport(Link.Networked link) {
        this.link = link;
    }

    @Override
    public void open() throws IOException {
        InetSocketAddress address = HoldingDriver.address(link);
        SocketChannel made = SocketChannel.open();
        channel = made;
        // The session limits how long this may take, by cutting it.
        try {
            made.connect(address);
        } catch (UnsupportedAddressTypeException e) {
            throw new IOException("this host can't speak IPv6, as " + link.host() + " is", e);
        }
        made.setOption(StandardSocketOptions.TCP_NODELAY, true);
        made.configureBlocking(false);
    }

    @Override
    public void read(Taker taker) throws IOException, InterruptedException {
        driver.read(opened(), taker, end);
    }

    /** What is written is one request: a peer with no room for it has read none for long. */
    @Override
    public void write(Bytes bytes) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes.toArray());
        opened().write(left);
        if (left.hasRemaining()) {
            throw new IOException("the other side takes no more bytes");
        }
    }

    private SocketChannel opened() throws IOException {
        SocketChannel open = channel;
        if (open == null) {
            throw new ClosedChannelException();
        }
        return open;
    }

    @Override
    public void cut() {
        close();
    }

    @Override
    public void close() {
        SocketChannel open = channel;
        if (open == null) {
            return;
        }
        try {
            driver.close(open);
        } catch (IOException _) {
            // It is not used any more, and the system takes it back with the process at last.
        }
        end.completeExceptionally(new ClosedChannelException());
    }

    @Override
    public boolean holdsItsThread() {
        return false;
    }
}
