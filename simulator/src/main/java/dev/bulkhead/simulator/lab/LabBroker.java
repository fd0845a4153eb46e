package dev.bulkhead.simulator.lab;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Path;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.slf4j.LoggerFactory;

/**
 * An MQTT broker for a laboratory: Apache Artemis on loopback, which has what it acknowledged on
 * disk. It says {@code ready} on standard output and stops when its standard input ends.
 */
final class LabBroker {
    static final String READY = "ready";

    private static final int JOURNAL_FILE_BYTES = 10 << 20;

    private LabBroker() {}

    /** Arguments: a folder and a port. */
    static void main(String... arguments) throws Exception {
        // It writes a line for every message.
        if (LoggerFactory.getLogger("org.apache") instanceof Logger talkative) {
            talkative.setLevel(Level.WARN);
        }
        var broker = new EmbeddedActiveMQ();
        broker.setConfiguration(
                configuration(Path.of(arguments[0]), Integer.parseInt(arguments[1])));
        broker.start();
        System.out.println(READY);
        while (System.in.read() >= 0) {
            // Until the laboratory lets go of it.
        }
        broker.stop();
    }

    private static Configuration configuration(Path folder, int port) throws Exception {
        return new ConfigurationImpl()
                .setPersistenceEnabled(true)
                .setSecurityEnabled(false)
                .setJMXManagementEnabled(false)
                .setJournalType(JournalType.NIO)
                .setJournalFileSize(JOURNAL_FILE_BYTES)
                .setJournalDirectory(folder.resolve("journal").toString())
                .setBindingsDirectory(folder.resolve("bindings").toString())
                .setPagingDirectory(folder.resolve("paging").toString())
                .setLargeMessagesDirectory(folder.resolve("large").toString())
                .addAcceptorConfiguration("mqtt", "tcp://127.0.0.1:" + port + "?protocols=MQTT");
    }
}
