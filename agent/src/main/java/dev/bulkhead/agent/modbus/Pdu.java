package dev.bulkhead.agent.modbus;

import com.ghgande.j2mod.modbus.msg.ModbusRequest;
import com.ghgande.j2mod.modbus.msg.ReadCoilsRequest;
import com.ghgande.j2mod.modbus.msg.ReadInputDiscretesRequest;
import com.ghgande.j2mod.modbus.msg.ReadInputRegistersRequest;
import com.ghgande.j2mod.modbus.msg.ReadMultipleRegistersRequest;
import com.ghgande.j2mod.modbus.msg.WriteCoilRequest;
import dev.bulkhead.rules.profile.Profile.Table;
import java.util.Optional;

/**
 * What every framing carries: the function and its data. j2mod's messages build and take it apart;
 * whether an answer is the answer to the request in flight is decided here and in {@link Framing},
 * before j2mod sees it.
 */
final class Pdu {
    /** Function and code. */
    static final int EXCEPTION_LENGTH = 2;

    private static final int EXCEPTION = 0x80;
    private static final int DATA = 2;

    private Pdu() {}

    /** What the bytes received so far are. */
    sealed interface Frame {
        /** Right as far as it goes, and not all of it. */
        record Partial() implements Frame {}

        /** Not the answer. Nothing that comes after it on this connection can be trusted. */
        record Broken(String reason) implements Frame {}

        record Values(Image image) implements Frame {}

        record Echo() implements Frame {}

        record Exceptional(int code) implements Frame {}
    }

    static Bytes request(Exchange exchange) {
        ModbusRequest request =
                switch (exchange) {
                    case Exchange.ReadRegisters(int _, Table table, int address, int count) ->
                            table == Table.INPUT
                                    ? new ReadInputRegistersRequest(address, count)
                                    : new ReadMultipleRegistersRequest(address, count);
                    case Exchange.ReadBits(int _, Table table, int address, int count) ->
                            table == Table.DISCRETE
                                    ? new ReadInputDiscretesRequest(address, count)
                                    : new ReadCoilsRequest(address, count);
                    case Exchange.WriteCoil write -> new WriteCoilRequest(write.address(), true);
                };
        return Bytes.ofByte(request.getFunctionCode()).plus(Bytes.of(request.getMessage()));
    }

    /** Bytes that an answer has which begins so. */
    static int length(Bytes pdu, Exchange exchange) {
        return isException(pdu) ? EXCEPTION_LENGTH : length(exchange);
    }

    private static int length(Exchange exchange) {
        return switch (exchange) {
            case Exchange.ReadRegisters read -> DATA + 2 * read.count();
            case Exchange.ReadBits read -> DATA + (read.count() + 7) / 8;
            case Exchange.WriteCoil _ -> 5;
        };
    }

    private static boolean isException(Bytes pdu) {
        return pdu.length() > 0 && pdu.at(0) >= EXCEPTION;
    }

    /**
     * What is wrong with the first bytes of an answer, of which more may follow. Every byte that
     * the request determines is checked as soon as it is there.
     */
    static Optional<String> objection(Bytes pdu, Bytes request, Exchange exchange) {
        if (pdu.length() == 0) {
            return Optional.empty();
        }
        int function = request.at(0);
        if (isException(pdu)) {
            return differs("function", function | EXCEPTION, pdu.at(0));
        }
        return differs("function", function, pdu.at(0))
                .or(
                        () ->
                                exchange instanceof Exchange.WriteCoil
                                        ? echoDiffers(pdu, request)
                                        : pdu.length() < DATA
                                                ? Optional.empty()
                                                : differs(
                                                        "byte count",
                                                        length(exchange) - DATA,
                                                        pdu.at(1)));
    }

    static Optional<String> differs(String what, int expected, int actual) {
        return expected == actual
                ? Optional.empty()
                : Optional.of(what + ": expected " + expected + ", got " + actual);
    }

    private static Optional<String> echoDiffers(Bytes pdu, Bytes request) {
        return request.startsWith(pdu)
                ? Optional.empty()
                : Optional.of("echo: expected " + request + ", got " + pdu);
    }

    /** What a whole answer says to which there is no objection. */
    static Frame content(Bytes pdu, Exchange exchange) {
        if (isException(pdu)) {
            return new Frame.Exceptional(pdu.at(1));
        }
        return switch (exchange) {
            case Exchange.WriteCoil _ -> new Frame.Echo();
            case Exchange.ReadRegisters read -> new Frame.Values(registers(pdu, read.count()));
            case Exchange.ReadBits read -> new Frame.Values(bits(pdu, read.count()));
        };
    }

    /** The lowest bit first. j2mod's bit vector would log a line for each bit that is looked at. */
    private static Image bits(Bytes pdu, int count) {
        var bits = new int[count];
        for (int i = 0; i < count; i++) {
            bits[i] = (pdu.at(DATA + i / 8) >> (i % 8)) & 1;
        }
        return Image.of(bits);
    }

    /** Two bytes each; j2mod's answers would take them through three streams. */
    private static Image registers(Bytes pdu, int count) {
        var words = new int[count];
        for (int i = 0; i < count; i++) {
            words[i] = pdu.word(DATA + 2 * i);
        }
        return Image.of(words);
    }

    /** An exception code in words: the application protocol 1.1b3, section 7. */
    static String inWords(int code) {
        String name =
                switch (code) {
                    case 1 -> "illegal function";
                    case 2 -> "illegal data address";
                    case 3 -> "illegal data value";
                    case 4 -> "device failure";
                    case 5 -> "accepted, not finished";
                    case 6 -> "device busy";
                    case 7 -> "negative acknowledgement";
                    case 8 -> "memory parity error";
                    case 10 -> "gateway path unavailable";
                    case 11 -> "device behind the gateway doesn't respond";
                    default -> "unknown";
                };
        return "exception " + code + " (" + name + ")";
    }
}
