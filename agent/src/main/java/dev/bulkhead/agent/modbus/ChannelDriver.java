package dev.bulkhead.agent.modbus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Reads many connections with one thread. Each is registered with its selector once, where a thread
 * of its own would pay for every answer with a read that finds nothing and a registration: a third
 * of what a poll costs (docs/reference/benchmarks.md).
 */
final class ChannelDriver implements Runnable {
    /** With one, the other cores stand by while hundreds of connections have something to say. */
    private static final int DRIVERS = 2;

    /** A core that has gone to sleep is hardly back sooner. */
    private static final Duration BRIEF = Duration.ofNanos(100_000);

    private static final List<ChannelDriver> ALL =
            IntStream.range(0, DRIVERS).mapToObj(ChannelDriver::start).toList();
    private static final AtomicInteger GIVEN = new AtomicInteger();

    /** A connection, who takes what comes of it, and its end. */
    private record Reading(
            SocketChannel channel, Transport.Taker taker, CompletableFuture<Void> end) {}

    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BlockingTransport.READ_BYTES);

    private ChannelDriver(Selector selector) {
        this.selector = selector;
    }

    private static ChannelDriver start(int number) {
        try {
            var driver = new ChannelDriver(Selector.open());
            Thread.ofPlatform().daemon().name("channels-" + number).start(driver);
            return driver;
        } catch (IOException refused) {
            throw new UncheckedIOException("nothing can be read without a selector", refused);
        }
    }

    /** Each in turn. */
    static ChannelDriver one() {
        return ALL.get(Math.floorMod(GIVEN.getAndIncrement(), ALL.size()));
    }

    /**
     * As {@link Transport#read}: the taker is called on the driver's thread, where whatever holds
     * it up holds up other connections too.
     *
     * @param channel that doesn't block
     * @param end of the connection; who closes it completes it, as the selector doesn't say so
     */
    void read(SocketChannel channel, Transport.Taker taker, CompletableFuture<Void> end)
            throws IOException, InterruptedException {
        channel.register(selector, SelectionKey.OP_READ, new Reading(channel, taker, end));
        selector.wakeup();
        try {
            end.get();
        } catch (ExecutionException ended) {
            if (ended.getCause() instanceof IOException reason) {
                throw reason;
            }
            throw new IllegalStateException("it ended by no I/O", ended.getCause());
        }
    }

    /** Closes a channel, which the selector that watches it would keep until it has news. */
    void close(SocketChannel channel) throws IOException {
        channel.close();
        selector.wakeup();
    }

    @Override
    public void run() {
        try {
            boolean wasBrief = false;
            while (true) {
                long began = System.nanoTime();
                if (!wasBrief || !isHeardBriefly(began)) {
                    selector.select(this::readable);
                }
                wasBrief = isBrief(began);
            }
        } catch (IOException broken) {
            throw new UncheckedIOException("nothing is read any more", broken);
        }
    }

    /**
     * Looks for news instead of sleeping, briefly. With peers that answer in microseconds more than
     * half of a poll's time went to waking up; for others, and for quiet connections, it isn't
     * asked, as the last wait wasn't brief.
     */
    @SuppressWarnings("ThreadPriorityCheck") // the peer may need this core to answer at all
    private boolean isHeardBriefly(long began) throws IOException {
        int heard = selector.selectNow(this::readable);
        while (heard == 0 && isBrief(began)) {
            Thread.yield();
            heard = selector.selectNow(this::readable);
        }
        return heard > 0;
    }

    private static boolean isBrief(long began) {
        return System.nanoTime() - began < BRIEF.toNanos();
    }

    /**
     * Whatever goes wrong with one connection doesn't end the others. A bug is told by this thread:
     * whoever waits for the end of the connection may have been sent away by it.
     */
    private void readable(SelectionKey key) {
        Reading reading = (Reading) key.attachment();
        try {
            if (!goesOn(reading)) {
                key.cancel();
                reading.end().complete(null);
            }
        } catch (IOException | InterruptedException reason) {
            key.cancel();
            reading.end().completeExceptionally(reason);
        } catch (RuntimeException | Error bug) {
            key.cancel();
            Thread self = Thread.currentThread();
            self.getUncaughtExceptionHandler().uncaughtException(self, bug);
            reading.end().completeExceptionally(new IOException("a bug ended it", bug));
        }
    }

    private boolean goesOn(Reading reading) throws IOException, InterruptedException {
        int count = reading.channel().read(buffer.clear());
        if (count < 0) {
            return false;
        }
        var bytes = new byte[count];
        buffer.flip().get(bytes);
        return reading.taker().take(Bytes.of(bytes));
    }
}
