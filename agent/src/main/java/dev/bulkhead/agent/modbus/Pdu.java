package dev.bulkhead.agent.modbus;

import com.ghgande.j2mod.modbus.msg.ModbusRequest;
import com.ghgande.j2mod.modbus.msg.ReadCoilsRequest;
import com.ghgande.j2mod.modbus.msg.ReadInputDiscretesRequest;
import com.ghgande.j2mod.modbus.msg.ReadInputRegistersRequest;
import com.ghgande.j2mod.modbus.msg.ReadMultipleRegistersRequest;
import com.ghgande.j2mod.modbus.msg.WriteCoilRequest;
import com.ghgande.j2mod.modbus.msg.WriteMultipleCoilsRequest;
import com.ghgande.j2mod.modbus.msg.WriteMultipleRegistersRequest;
import com.ghgande.j2mod.modbus.msg.WriteSingleRegisterRequest;
import com.ghgande.j2mod.modbus.procimg.Register;
import com.ghgande.j2mod.modbus.procimg.SimpleRegister;
import com.ghgande.j2mod.modbus.util.BitVector;
import dev.bulkhead.rules.profile.Profile.Table;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

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

    /** Function, address, and the value or how many there are. */
    private static final int ECHO_LENGTH = 5;

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
                    case Exchange.WriteAsTold told -> request(told.change());
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

    private static ModbusRequest request(Change change) {
        List<Integer> values = change.values();
        if (change.table() == Table.COIL) {
            if (!change.isOfSeveral()) {
                return new WriteCoilRequest(change.address(), values.getFirst() == 1);
            }
            var bits = new BitVector(values.size());
            IntStream.range(0, values.size()).forEach(i -> bits.setBit(i, values.get(i) == 1));
            return new WriteMultipleCoilsRequest(change.address(), bits);
        }
        Register[] registers = values.stream().map(SimpleRegister::new).toArray(Register[]::new);
        return change.isOfSeveral()
                ? new WriteMultipleRegistersRequest(change.address(), registers)
                : new WriteSingleRegisterRequest(change.address(), registers[0]);
    }

    /** Bytes that an answer has which begins so. */
    static int length(Bytes pdu, Exchange exchange) {
        return isException(pdu) ? EXCEPTION_LENGTH : length(exchange);
    }

    private static int length(Exchange exchange) {
        return switch (exchange) {
            case Exchange.ReadRegisters read -> DATA + 2 * read.count();
            case Exchange.ReadBits read -> DATA + (read.count() + 7) / 8;
            case Exchange.Write _ -> ECHO_LENGTH;
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
                                exchange instanceof Exchange.Write
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

    /**
     * A checksum may follow, which is not that of the request where several values were written.
     */
    private static Optional<String> echoDiffers(Bytes pdu, Bytes request) {
        Bytes echo = pdu.slice(0, Math.min(ECHO_LENGTH, pdu.length()));
        return request.startsWith(echo)
                ? Optional.empty()
                : Optional.of("echo: expected " + request.slice(0, ECHO_LENGTH) + ", got " + echo);
    }

    /** What a whole answer says to which there is no objection. */
    static Frame content(Bytes pdu, Exchange exchange) {
        if (isException(pdu)) {
            return new Frame.Exceptional(pdu.at(1));
        }
        return switch (exchange) {
            case Exchange.Write _ -> new Frame.Echo();
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
