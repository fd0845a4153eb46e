package dev.bulkhead.agent.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.agent.ledger.Series;
import dev.bulkhead.rules.site.DeviceId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParcelTest {
    @Test
    void aParcelIsReadAsItWasWritten() {
        var parcel =
                new Parcel(
                        new Series(1_764_108_000_000L, new DeviceId("A1-S01-bms")),
                        7,
                        "rack,room=A1 voltage=520.5 1\npoll,device=x sequence=7i 1");
        assertEquals(
                "1764108000000 A1-S01-bms 7\n"
                        + "rack,room=A1 voltage=520.5 1\npoll,device=x sequence=7i 1",
                parcel.text());
        assertEquals(Optional.of(parcel), Parcel.of(parcel.text()));
    }

    /** An agent that throws on such a frame does not start again. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "1764108000000 A1-lfl 7",
                "1764108000000 A1-lfl\npoll",
                "1764108000000 A1-lfl 7 8\npoll",
                "run A1-lfl 7\npoll",
                "1764108000000 A1-lfl seven\npoll",
                "1764108000000 A1-lfl 99999999999999999999\npoll"
            })
    void whatIsNoParcelIsNone(String text) {
        assertEquals(Optional.empty(), Parcel.of(text));
    }
}
