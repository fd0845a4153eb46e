package dev.bulkhead.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.modbus.WritableUnit;
import dev.bulkhead.agent.modbus.WritableUnit.Fate;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No write that nobody asked for, and none without it being said what it is. */
@Timeout(60)
final class ModbusWriteCommandTest {
    private record Ran(int code, String out, String err) {}

    private final WritableUnit unit = new WritableUnit();

    @AfterEach
    void close() {
        unit.close();
    }

    private Ran write(Optional<String> typed, String... options) {
        var out = new StringWriter();
        var err = new StringWriter();
        var arguments =
                new ArrayList<>(List.of("modbus", "write", "--host", "127.0.0.1:" + unit.port()));
        arguments.addAll(List.of(options));
        var terminal =
                new Terminal(
                        new PrintWriter(out),
                        new PrintWriter(err),
                        typed.map(text -> new BufferedReader(new StringReader(text))));
        int code = Main.run(arguments.toArray(String[]::new), terminal);
        return new Ran(code, out.toString(), err.toString());
    }

    @Test
    void whatIsThereAndWhatIsWrittenIsSaidBeforeAndReadBackAfter() {
        Ran ran = write(Optional.of("yes\n"), "--at", "20", "--values", "7,-1,0xAB");
        assertEquals("", ran.err());
        assertEquals(0, ran.code());
        assertTrue(
                ran.out()
                        .startsWith(
                                """
                                unit 1 of 127.0.0.1:%d; no site says what that is, nor whether it is a breaker
                                  holding 20 to 22 is    0 (0x0000) 0 (0x0000) 0 (0x0000)
                                  holding 20 to 22 gets  7 (0x0007) 65535 (0xFFFF) 171 (0x00AB), by function 16
                                Write it? Type yes: written, answered"""
                                        .formatted(unit.port())),
                ran.out());
        assertTrue(
                ran.out()
                        .endsWith(
                                "  holding 20 to 22 is    7 (0x0007) 65535 (0xFFFF) 171 (0x00AB)\n"),
                ran.out());
        assertEquals(1, unit.writes().size());
    }

    @Test
    void anythingElseThanYesWritesNothing() {
        for (String typed : List.of("", "\n", "y\n", "no\n", "YES\n", "yes please\n")) {
            Ran ran = write(Optional.of(typed), "--table", "coil", "--at", "0", "--values", "1");
            assertEquals(1, ran.code());
            assertEquals("nothing was written\n", ran.err());
        }
        assertEquals(List.of(), unit.writes());
    }

    @Test
    void whereNobodyCanBeAskedNothingIsSentAtAll() {
        Ran ran = write(Optional.empty(), "--at", "0", "--values", "1");
        assertEquals(64, ran.code());
        assertTrue(ran.err().startsWith("Nobody is there to be asked"), ran.err());
        assertEquals(0, unit.requests());
    }

    @Test
    void aScriptSaysYesBeforehand() {
        Ran ran =
                write(
                        Optional.empty(),
                        "--table",
                        "coil",
                        "--at",
                        "3",
                        "--values",
                        "1",
                        "--several",
                        "--yes");
        assertEquals(0, ran.code(), ran.err());
        assertEquals(15, unit.writes().getFirst().at(1));
    }

    @Test
    void whatCannotBeMeantSendsNothing() {
        String[][] wrong = {
            {"--at", "0", "--values", "65536"},
            {"--at", "0", "--values", "1,x"},
            {"--at", "0", "--values", "-32769"},
            {"--at", "65535", "--values", "1,2"},
            {"--table", "coil", "--at", "0", "--values", "2"},
            {"--table", "input", "--at", "0", "--values", "1"},
            {"--at", "0", "--values", "1", "--unit", "256"},
            {"--at", "0"}
        };
        for (String[] options : wrong) {
            assertEquals(
                    64, write(Optional.of("yes\n"), options).code(), String.join(" ", options));
        }
        Ran everybody = write(Optional.of("yes\n"), "--at", "0", "--values", "1", "--unit", "0");
        assertEquals("refused: unit 0 is everybody, and nobody answers for it\n", everybody.err());
        assertEquals(1, everybody.code());
        Ran breaker = write(Optional.of("yes\n"), "--at", "0", "--values", "1", "--breaker", "Q1");
        assertEquals("refused: no site says where the coils of Q1 are\n", breaker.err());
        assertEquals(0, unit.requests());
    }

    @Test
    void aLostAnswerIsSaidToBeOneAndNotRepeated() {
        unit.befall(Fate.HANGS_UP);
        Ran ran = write(Optional.of("yes\n"), "--at", "9", "--values", "5");
        assertEquals(1, ran.code());
        assertTrue(
                ran.err().startsWith("it may have reached the device, and is not repeated: "),
                ran.err());
        assertTrue(ran.out().endsWith("  holding 9 is    5 (0x0005)\n"), ran.out());
        assertEquals(1, unit.writes().size());
    }

    @Test
    void aRefusalIsSaidInWords() {
        unit.befall(Fate.REFUSED);
        Ran ran = write(Optional.of("yes\n"), "--at", "9", "--values", "5");
        assertEquals(1, ran.code());
        assertEquals(
                "the device refuses it and has done nothing: exception 2 (illegal data address)\n",
                ran.err());
    }
}
