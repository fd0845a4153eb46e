package dev.bulkhead.agent.modbus;

import dev.bulkhead.rules.site.Link;
import java.io.IOException;
import java.io.PrintStream;

/** Opens one connection in a process of its own, and says how that went and who looked it up. */
final class OpenedAlone {
    private OpenedAlone() {}

    static void main(String[] arguments) throws InterruptedException {
        var link = new Link.Tcp(arguments[0], Integer.parseInt(arguments[1]));
        Thread.ofVirtual().start(() -> open(new ChannelTransport(link), System.out)).join();
    }

    private static void open(ChannelTransport transport, PrintStream out) {
        try {
            transport.open();
            transport.close();
            out.println("opened");
        } catch (IOException refused) {
            out.println(refused.getMessage());
        }
        Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("holding-"))
                .forEach(out::println);
    }
}
