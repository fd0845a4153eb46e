package dev.bulkhead.agent.modbus;

import com.ghgande.j2mod.modbus.msg.ModbusRequest;
import com.ghgande.j2mod.modbus.msg.ModbusResponse;
import com.ghgande.j2mod.modbus.msg.ReadCoilsRequest;
import com.ghgande.j2mod.modbus.msg.ReadInputDiscretesRequest;
import com.ghgande.j2mod.modbus.msg.ReadInputRegistersRequest;
import com.ghgande.j2mod.modbus.msg.ReadInputRegistersResponse;
import com.ghgande.j2mod.modbus.msg.ReadMultipleRegistersRequest;
import com.ghgande.j2mod.modbus.msg.ReadMultipleRegistersResponse;
import com.ghgande.j2mod.modbus.msg.WriteCoilRequest;
import dev.bulkhead.rules.profile.Profile.Table;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Modbus TCP frames. j2mod's messages build and take apart what is inside; whether an answer is the
 * answer to the request in flight is decided here, before j2mod sees it: it checks neither unit nor
 * protocol, and takes any transaction for the right one.
 *
 * <pre>
 *  0           2          4        6      7          8
 *  transaction protocol 0 length   unit   function   data…
 *                                  '---- length bytes ----
 * </pre>
 */
final class Frames {
    private static final int HEADER = 6;
    private static final int EXCEPTION_LENGTH = 3;
    private static final int DATA = 9;

    private Frames() {}

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

    static Bytes request(int transaction, Exchange exchange) {
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
        request.setTransactionID(transaction);
        request.setUnitID(exchange.unit());
        var bytes = new ByteArrayOutputStream();
        try {
            request.writeTo(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("memory can't be written", e);
        }
        return Bytes.of(bytes.toByteArray());
    }

    /**
     * Reads what has come in answer to {@code request}; every byte is checked as soon as it is
     * there.
     */
    static Frame answer(Bytes bytes, Bytes request, Exchange exchange) {
        int there = bytes.length();
        int function = request.at(7);
        if (there >= 2 && bytes.word(0) != request.word(0)) {
            return broken("transaction", request.word(0), bytes.word(0));
        }
        if (there >= 4 && bytes.word(2) != 0) {
            return broken("protocol", 0, bytes.word(2));
        }
        int length = there >= HEADER ? bytes.word(4) : 0;
        int expected = length(exchange);
        if (there >= HEADER && length != expected && length != EXCEPTION_LENGTH) {
            return broken("length", expected, length);
        }
        if (there >= 7 && bytes.at(6) != exchange.unit()) {
            return broken("unit", exchange.unit(), bytes.at(6));
        }
        if (there >= 8) {
            int wanted = length == expected ? function : function | 0x80;
            if (bytes.at(7) != wanted) {
                return broken("function", wanted, bytes.at(7));
            }
        }
        if (there < HEADER || there < HEADER + length) {
            return new Frame.Partial();
        }
        if (there > HEADER + length) {
            return broken("frame size", HEADER + length, there);
        }
        return length == expected
                ? data(bytes, request, exchange)
                : new Frame.Exceptional(bytes.at(8));
    }

    /** Bytes from the unit on that the answer must have; never 3, the length of an exception. */
    private static int length(Exchange exchange) {
        return switch (exchange) {
            case Exchange.ReadRegisters read -> 3 + 2 * read.count();
            case Exchange.ReadBits read -> 3 + (read.count() + 7) / 8;
            case Exchange.WriteCoil _ -> 6;
        };
    }

    private static Frame data(Bytes bytes, Bytes request, Exchange exchange) {
        return switch (exchange) {
            case Exchange.WriteCoil _ ->
                    bytes.equals(request)
                            ? new Frame.Echo()
                            : new Frame.Broken("echo: expected " + request + ", got " + bytes);
            case Exchange.ReadRegisters read ->
                    bytes.at(8) == 2 * read.count()
                            ? values(read.count(), registers(bytes))
                            : broken("byte count", 2 * read.count(), bytes.at(8));
            case Exchange.ReadBits read ->
                    bytes.at(8) == (read.count() + 7) / 8
                            ? values(read.count(), bits(bytes))
                            : broken("byte count", (read.count() + 7) / 8, bytes.at(8));
        };
    }

    private static Frame values(int count, IntUnaryOperator value) {
        return new Frame.Values(Image.of(IntStream.range(0, count).map(value).toArray()));
    }

    /** The lowest bit first. j2mod's bit vector would log a line for each bit that is looked at. */
    private static IntUnaryOperator bits(Bytes bytes) {
        return i -> (bytes.at(DATA + i / 8) >> (i % 8)) & 1;
    }

    private static IntUnaryOperator registers(Bytes bytes) {
        ModbusResponse response = ModbusResponse.createModbusResponse(bytes.at(7));
        try {
            response.readFrom(new DataInputStream(new ByteArrayInputStream(bytes.toArray())));
        } catch (IOException e) {
            throw new UncheckedIOException("a whole frame ends early: " + bytes, e);
        }
        return switch (response) {
            case ReadMultipleRegistersResponse holding -> holding::getRegisterValue;
            case ReadInputRegistersResponse input -> input::getRegisterValue;
            default -> throw new IllegalStateException("not registers: " + bytes);
        };
    }

    private static Frame broken(String what, int expected, int actual) {
        return new Frame.Broken(what + ": expected " + expected + ", got " + actual);
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
                    case 8 -> "memory parity error";
                    case 10 -> "gateway path unavailable";
                    case 11 -> "device behind the gateway doesn't respond";
                    default -> "unknown";
                };
        return "exception " + code + " (" + name + ")";
    }
}
