package dev.bulkhead.simulator.device;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of faults in the docs is the one that files are read by. */
class FaultTableTest {
    private static final Path PAGE = Path.of("../docs/how-to/modbus-test-bench.md");
    private static final String HEAD =
            "| fault | of | how much | what it does |\n|---|---|---|---|\n";

    @Test
    void thePageHasEachFaultAsItIs() throws IOException {
        String table =
                Arrays.stream(FaultKind.values())
                        .map(FaultTableTest::row)
                        .collect(Collectors.joining("\n", HEAD, "\n\n"));
        String page = Files.readString(PAGE);
        int from = page.indexOf(HEAD);
        assertEquals(table, page.substring(from, page.indexOf("\n\n", from) + 2));
    }

    private static String row(FaultKind kind) {
        String of =
                switch (kind.making()) {
                    case FaultKind.OfGateway _ -> "`gateway`";
                    case FaultKind.OfDevice _ -> "`device`";
                    case FaultKind.OfPair _ -> "`device`, `with`";
                    case FaultKind.OfPoint _ -> "`device`, `point`";
                };
        String parameters =
                kind.parameters().stream()
                        .map(FaultTableTest::parameter)
                        .collect(Collectors.joining(", "));
        return "| `%s` | %s | %s | %s |".formatted(kind, of, parameters, kind.words());
    }

    private static String parameter(FaultKind.Parameter each) {
        return "`%s` [%s]"
                .formatted(each.name(), number(each.standard()))
                .replace("]", each.isTime() ? " s]" : "]");
    }

    private static String number(double number) {
        return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
    }
}
