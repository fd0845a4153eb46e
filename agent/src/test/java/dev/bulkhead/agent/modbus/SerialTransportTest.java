package dev.bulkhead.agent.modbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bulkhead.rules.site.SerialLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ports that are none. */
class SerialTransportTest {
    @TempDir private Path folder;

    private static String refusal(Path device) {
        var line = new SerialLine(device.toString(), 9600, SerialLine.Parity.NONE, 1, 8);
        return String.valueOf(
                assertThrows(IOException.class, new SerialTransport(line)::open).getMessage());
    }

    @Test
    void aFileThatIsNoDeviceIsRefusedAndLeftAlone() throws IOException {
        Path file = Files.writeString(folder.resolve("site.yaml"), "site: precious");
        assertEquals(file + " is no serial device", refusal(file));
        assertEquals(folder + " is no serial device", refusal(folder));
        assertEquals("site: precious", Files.readString(file));
    }

    @Test
    void aDeviceThatIsNotThereIsSaid() {
        Path none = folder.resolve("ttyNone");
        assertEquals("there is no " + none, refusal(none));
    }
}
