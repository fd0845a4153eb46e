package dev.bulkhead.agent.modbus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.rules.profile.Profile.Block;
import dev.bulkhead.rules.profile.Profile.Rate;
import dev.bulkhead.rules.profile.Profile.Table;
import dev.bulkhead.rules.site.Courtesy;
import dev.bulkhead.rules.site.Gateway;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.Link;
import dev.bulkhead.rules.site.SerialLine;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class LineTest {
    private static final GatewayId ID = new GatewayId("g");

    private static Block block(Table table, int count) {
        return new Block(table, 0, count, Rate.FAST);
    }

    private static Line serial(int baud, SerialLine.Parity parity, Duration answersIn) {
        var link = new Link.Rtu(new SerialLine("/dev/line", baud, parity, 8, 1));
        return Line.to(new Gateway(ID, link, Courtesy.NONE), answersIn);
    }

    @Test
    void aNetworkTakesItsWayAndNothingForBytes() {
        Line line = Line.to(Gateway.tcp(ID, "h", 502), Duration.ofMillis(20));

        assertEquals(
                new Line.Cost(12, 29, Duration.ofMillis(20)), line.cost(block(Table.HOLDING, 10)));
        assertEquals(
                new Line.Cost(12, 11, Duration.ofMillis(20)), line.cost(block(Table.DISCRETE, 9)));
    }

    /** 9600 8E1: 11 bits a character, 1.1458 ms; 8 + 25 of them and twice 3.5. */
    @Test
    void aSerialLineTakesItsCharactersAndSilences() {
        Line line = serial(9600, SerialLine.Parity.EVEN, Duration.ofMillis(5));

        Line.Cost cost = line.cost(block(Table.INPUT, 10));
        assertEquals(8, cost.bytesOut());
        assertEquals(25, cost.bytesBack());
        assertEquals(5 + 40 * 11 / 9.6, cost.time().toNanos() / 1e6, 0.001);
    }

    @Test
    void aboveNineteenThousandTheSilenceIsFixed() {
        Line line = serial(115_200, SerialLine.Parity.NONE, Duration.ZERO);

        assertEquals(
                3.5 + 15 * 10 / 115.2,
                line.cost(block(Table.INPUT, 1)).time().toNanos() / 1e6,
                0.001);
    }

    /** 7 data bits, parity and a stop bit: 10 a character; colon, two digits a byte, CR and LF. */
    @Test
    void asciiTakesTwoCharactersForEachByteAndAPauseWhatItIs() {
        var line = new SerialLine("/dev/line", 9600, SerialLine.Parity.EVEN, 7, 1);
        var courtesy = new Courtesy(false, Duration.ZERO, Duration.ofMillis(50));
        Line.Cost cost =
                Line.to(new Gateway(ID, new Link.Ascii(line), courtesy), Duration.ZERO)
                        .cost(block(Table.INPUT, 10));

        assertEquals(17, cost.bytesOut());
        assertEquals(11 + 40, cost.bytesBack());
        assertEquals(50 + (7 + 17 + 51) * 10 / 9.6, cost.time().toNanos() / 1e6, 0.001);
    }

    /** Why a plan reads over ten registers: then it takes as long as another request. */
    @Test
    void tenRegistersTakeAsLongAsAnotherRequestThatIsAnsweredAtOnce() {
        Line line = serial(9600, SerialLine.Parity.NONE, Duration.ZERO);
        Duration one = line.cost(block(Table.INPUT, 10)).time();
        Duration bridged = line.cost(block(Table.INPUT, 10 + 10 + 10)).time();

        assertEquals(2 * (one.toNanos() / 1e6), bridged.toNanos() / 1e6, 0.001);
    }
}
