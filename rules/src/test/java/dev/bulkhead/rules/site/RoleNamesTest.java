package dev.bulkhead.rules.site;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.rules.TestSites;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

final class RoleNamesTest {
    /** People write rules and wiring from the register of names, so it must say what holds. */
    @Test
    void theRegisterOfNamesListsEveryRoleWithItsUnitKindAndRange() throws IOException {
        List<String> written =
                Files.readString(TestSites.root().resolve("rules/NAMES.md"))
                        .lines()
                        .dropWhile(line -> !line.equals("## Roles"))
                        .takeWhile(line -> !line.equals("## Topics"))
                        .filter(line -> line.startsWith("| `"))
                        .map(
                                line ->
                                        line.substring(
                                                0, line.lastIndexOf('|', line.length() - 2) + 1))
                        .toList();
        List<String> known = Arrays.stream(Role.values()).map(RoleNamesTest::line).toList();

        assertEquals(String.join("\n", known), String.join("\n", written));
    }

    private static String line(Role role) {
        String unit =
                role.type() == Role.Type.NUMBER
                        ? role.unit().equals("1") ? "count" : role.unit()
                        : "";
        String range =
                role.type() == Role.Type.NUMBER
                        ? "%s to %s".formatted(plain(role.low()), plain(role.high()))
                        : "";
        return "| `%s` | %s | %s | %s |"
                .formatted(role.text(), unit, role.type().name().toLowerCase(Locale.ROOT), range)
                .replace("|  |", "| |");
    }

    private static String plain(double number) {
        return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
    }
}
