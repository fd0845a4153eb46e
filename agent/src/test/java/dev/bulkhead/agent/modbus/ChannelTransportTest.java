package dev.bulkhead.agent.modbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.bulkhead.rules.site.Link;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections that share their driver's threads, and nothing else. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class ChannelTransportTest {
    /** A peer, the transport that is connected to it, and how reading it ends. */
    private static final class Connection implements AutoCloseable {
        private final ServerSocket server =
                new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final ChannelTransport transport =
                new ChannelTransport(new Link.Tcp("127.0.0.1", server.getLocalPort()));
        private final Socket peer;
        private final FutureTask<String> end;

        Connection(Transport.Taker taker) throws IOException {
            transport.open();
            peer = server.accept();
            end =
                    new FutureTask<>(
                            () -> {
                                transport.read(taker);
                                return "ended";
                            });
            Thread.ofVirtual().start(end);
        }

        void say(String hex) throws IOException {
            peer.getOutputStream().write(Bytes.ofHex(hex).toArray());
        }

        @Override
        public void close() throws IOException {
            transport.close();
            peer.close();
            server.close();
        }
    }

    @Test
    void whatComesIsHandedOverUntilTheOtherSideEndsIt()
            throws IOException, InterruptedException, ExecutionException {
        BlockingQueue<Bytes> taken = new LinkedBlockingQueue<>();
        try (var connection = new Connection(taken::add)) {
            connection.say("01 02");
            assertEquals(Bytes.ofHex("01 02"), taken.take());
            connection.say("03");
            assertEquals(Bytes.ofHex("03"), taken.take());
            connection.transport.write(Bytes.ofHex("04"));
            assertEquals(4, connection.peer.getInputStream().read());

            connection.peer.close();
            assertEquals("ended", connection.end.get());
        }
    }

    /** As many of them as there are drivers and more, and of each driver one that goes wrong. */
    @Test
    void whatGoesWrongWithOneConnectionEndsNoOther()
            throws IOException, InterruptedException, ExecutionException {
        BlockingQueue<Bytes> taken = new LinkedBlockingQueue<>();
        Transport.Taker bug =
                _ -> {
                    throw new IllegalStateException("planted");
                };
        try (var good = new Connection(taken::add);
                var bad = new Connection(bug);
                var worse = new Connection(bug);
                var sated = new Connection(_ -> false);
                var cut = new Connection(taken::add)) {
            for (Connection each : new Connection[] {bad, worse}) {
                each.say("01");
                ExecutionException thrown = assertThrows(ExecutionException.class, each.end::get);
                IOException reason = assertInstanceOf(IOException.class, thrown.getCause());
                assertEquals("a bug ended it", reason.getMessage());
            }
            sated.say("01");
            assertEquals("ended", sated.end.get());
            cut.transport.cut();
            cut.say("01");
            good.say("02");
            assertEquals(Bytes.ofHex("02"), taken.take());
        }
    }

    /** In the daemon it ends the process; it must not be lost with a thread that was sent away. */
    @Test
    void aBugIsToldAlsoIfNobodyWaitsForTheConnectionAnyMore()
            throws IOException, InterruptedException {
        BlockingQueue<Throwable> told = new LinkedBlockingQueue<>();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((_, bug) -> told.add(bug));
        var connection = new AtomicReference<Connection>();
        Transport.Taker bug =
                _ -> {
                    connection.get().end.cancel(true);
                    throw new IllegalStateException("sent away");
                };
        try (var only = new Connection(bug)) {
            connection.set(only);
            only.say("01");
            while (!"sent away".equals(told.take().getMessage())) {
                // Of another test.
            }
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    /** Also where the other side says nothing more, and nothing else has anything to say. */
    @Test
    void whatIsClosedIsGivenBackAtOnce() throws IOException, InterruptedException {
        int many = 50;
        BlockingQueue<Bytes> taken = new LinkedBlockingQueue<>();
        List<Connection> connections = new ArrayList<>();
        try {
            for (int each = 0; each < many; each++) {
                connections.add(new Connection(taken::add));
                connections.getLast().say("01");
                taken.take();
            }
            long before = descriptors();
            connections.forEach(connection -> connection.transport.close());
            while (descriptors() > before - many / 2) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        } finally {
            for (Connection connection : connections) {
                connection.close();
            }
        }
    }

    /** After answers that came so fast that it was not worth sleeping for them. */
    @Test
    void whereNothingMoreIsSaidNobodyIsAwake() throws IOException, InterruptedException {
        BlockingQueue<Bytes> taken = new LinkedBlockingQueue<>();
        try (var connection = new Connection(taken::add)) {
            for (int each = 0; each < 1000; each++) {
                connection.say("01");
                taken.take();
            }
            long before = -1;
            for (long used = driversNanos(); used != before; used = driversNanos()) {
                before = used;
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }
    }

    private static long driversNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().startsWith("channels-"))
                .mapToLong(thread -> threads.getThreadCpuTime(thread.getThreadId()))
                .sum();
    }

    private static long descriptors() {
        return ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
                .getOpenFileDescriptorCount();
    }

    /** Who cuts it waits for whoever reads it to say why it ended. */
    @Test
    void whatIsCutIsReadNoLonger() throws IOException, InterruptedException {
        BlockingQueue<Bytes> taken = new LinkedBlockingQueue<>();
        try (var connection = new Connection(taken::add)) {
            connection.say("01");
            taken.take();
            connection.transport.cut();

            ExecutionException thrown = assertThrows(ExecutionException.class, connection.end::get);
            assertInstanceOf(IOException.class, thrown.getCause());
        }
    }

    @Test
    void aPeerThatTakesNoMoreHoldsNobodyUp() throws IOException {
        try (var connection = new Connection(_ -> true)) {
            var many = Bytes.of(new byte[1 << 20]);

            IOException full =
                    assertThrows(
                            IOException.class,
                            () -> {
                                while (true) {
                                    connection.transport.write(many);
                                }
                            });

            assertEquals("the other side takes no more bytes", full.getMessage());
        }
    }

    /** A name server that doesn't answer would else hold up whatever shares the carriers. */
    @Test
    void namesAreLookedUpByThreadsOfTheirOwn() throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = "" + server.getLocalPort();
            assertEquals(List.of("opened", "holding-0"), openedAlone("localhost", port));
            assertEquals(List.of("opened"), openedAlone("127.0.0.1", port), "no name");
        }
    }

    /** As where the system has it switched off: the library's answer to that is no I/O error. */
    @Test
    void anAddressOfAKindTheHostHasNotIsAReason() throws IOException {
        assertEquals(
                List.of("this host can't speak IPv6, as ::1 is"),
                openedAlone("-Djava.net.preferIPv4Stack=true", "::1", "502"));
    }

    /** What {@link OpenedAlone} says. */
    private static List<String> openedAlone(String... words) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(words).subList(0, words.length - 2));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(OpenedAlone.class.getName());
        command.addAll(List.of(words).subList(words.length - 2, words.length));
        Process alone =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader lines = alone.inputReader()) {
            return lines.lines().toList();
        }
    }

    @Test
    void aNameThatNobodyKnowsIsAReason() {
        var nowhere = new ChannelTransport(new Link.Tcp("nowhere.invalid", 502));

        assertInstanceOf(
                UnknownHostException.class, assertThrows(IOException.class, nowhere::open));
    }
}
