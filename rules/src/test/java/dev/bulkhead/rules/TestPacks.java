package dev.bulkhead.rules;

import dev.bulkhead.rules.condition.Pack;
import dev.bulkhead.rules.condition.PackFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/** The packs as shipped, read from the source tree. */
public final class TestPacks {
    private static final Pack BATTERY_ROOM =
            PackFile.parse("battery-room.yaml", batteryRoomText()).orElseThrow();

    private TestPacks() {}

    public static Pack batteryRoom() {
        return BATTERY_ROOM;
    }

    public static String batteryRoomText() {
        var path = "rules/src/main/resources/dev/bulkhead/rules/packs/battery-room.yaml";
        try {
            return Files.readString(TestSites.root().resolve(path));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
