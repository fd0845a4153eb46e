package dev.bulkhead.simulator.lab;

import io.questdb.ServerMain;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;

/**
 * A store for a laboratory: QuestDB on loopback, which takes line protocol by InfluxDB 2's path and
 * is asked in SQL. It says {@code ready} on standard output and stops when its standard input ends.
 */
final class LabStore {
    static final String READY = LabBroker.READY;

    private static final String TABLES = "questdb.sql";

    private LabStore() {}

    /** Arguments: a folder, a port, and whether the tables that keep a point once are made. */
    static void main(String... arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        int port = Integer.parseInt(arguments[1]);
        configure(folder, port);
        // What it says for itself goes to standard output, which is for one word only.
        var out = System.out;
        System.setOut(System.err);
        try (ServerMain store = ServerMain.create(folder.toString(), new HashMap<>())) {
            store.start();
            if (Boolean.parseBoolean(arguments[2])) {
                var questions = new StoreQuestions("http://127.0.0.1:" + port);
                for (String table : tables()) {
                    questions.ask(table);
                }
            }
            out.println(READY);
            while (System.in.read() >= 0) {
                // Until the laboratory lets go of it.
            }
        }
    }

    /** Small pages: a laboratory's tables are small, and there are many columns. */
    private static void configure(Path folder, int port) throws IOException {
        Path conf = Files.createDirectories(folder.resolve("conf"));
        Files.writeString(
                conf.resolve("server.conf"),
                """
                http.bind.to=127.0.0.1:%d
                http.min.enabled=false
                pg.enabled=false
                line.tcp.enabled=false
                telemetry.enabled=false
                shared.worker.count=1
                cairo.writer.data.append.page.size=64k
                cairo.wal.writer.data.append.page.size=64k
                cairo.writer.data.index.value.append.page.size=64k
                cairo.o3.column.memory.size=64k
                cairo.system.writer.data.append.page.size=64k
                """
                        .formatted(port));
    }

    private static List<String> tables() throws IOException {
        try (InputStream stream =
                Objects.requireNonNull(LabStore.class.getResourceAsStream(TABLES), TABLES)) {
            String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines()
                    .filter(line -> line.startsWith("CREATE"))
                    .map(line -> line.replaceAll(";\\s*$", ""))
                    .toList();
        }
    }
}
