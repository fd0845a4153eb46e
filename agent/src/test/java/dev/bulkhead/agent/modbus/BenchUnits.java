package dev.bulkhead.agent.modbus;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/**
 * What the bench's units answer when nothing is wrong with them, encoded by hand. Numbers move with
 * time, so that an answer of one instant can't pass for that of another.
 */
final class BenchUnits {
    private final Set<Integer> coilsWritten = new HashSet<>();

    Bytes answer(Bytes request, Instant at) {
        int function = request.at(7);
        int address = request.word(8);
        int count = request.word(10);
        var pdu = new StringBuilder();
        switch (function) {
            case 3 -> {
                pdu.append("03").append(hex(2 * count, 2));
                for (int i = 0; i < count; i++) {
                    pdu.append(hex(register(request.at(6), address + i, at), 4));
                }
            }
            case 2 -> {
                // di1 opens to say heat: closed. di2: the fan runs.
                pdu.append("02").append(hex((count + 7) / 8, 2));
                for (int i = 0; i < count; i += 8) {
                    pdu.append(hex(3 >> Math.min(address + i, 8), 2));
                }
            }
            case 5 -> {
                coilsWritten.add(address);
                return request;
            }
            default -> throw new IllegalStateException("the bench is never asked " + request);
        }
        return frame(request.word(0), request.at(6), pdu.toString());
    }

    static Bytes exception(Bytes request, int code) {
        return frame(request.word(0), request.at(6), hex(request.at(7) | 0x80, 2) + hex(code, 2));
    }

    static Bytes frame(int transaction, int unit, String pdu) {
        return Bytes.ofHex(
                hex(transaction, 4) + "0000" + hex(1 + pdu.length() / 2, 4) + hex(unit, 2) + pdu);
    }

    boolean wasWritten(int coil) {
        return coilsWritten.contains(coil);
    }

    /** The analog module's first loop: 1 µA per 10 ms, from 4 mA. */
    static int microamperes(Instant at) {
        return 4000 + (int) (Duration.between(Bench.START, at).toMillis() / 10 % 16000);
    }

    static int register(int unit, int address, Instant at) {
        return switch (unit) {
            case Bench.PANEL -> address == 100 ? 7 : 0b1110001;
            case Bench.LOOPS -> address == 100 ? 4 : address == 0 ? microamperes(at) : 12000;
            case Bench.CONTACTS -> 5;
            case Bench.STRING -> string(address);
            default -> throw new IllegalStateException("no unit " + unit);
        };
    }

    /** The contact panel's discrete inputs: di1 opens to say heat and is closed, di2's fan runs. */
    static int input(int index) {
        return index < 2 ? 1 : 0;
    }

    private static int string(int address) {
        return switch (address) {
            case 40000 -> 0x5375;
            case 40001 -> 0x6E53;
            case 40002, 40072 -> 1;
            case 40003 -> 66;
            case 40070 -> 804;
            case 40071 -> 318;
            case 40073 -> 17;
            case 40390 -> 0xFFFF;
            case 40391 -> 0;
            case 40084 -> 5576;
            case 40112 -> 0xFFFF;
            case 40085, 40087, 40089 -> 4100;
            case 40113 -> 0xFFFD;
            default -> address < 40118 ? 0 : (address - 40118) % 16 == 8 ? 24 : 4100;
        };
    }

    static String hex(int value, int digits) {
        return ("%0" + digits + "x").formatted(value & ((1L << (4 * digits)) - 1));
    }
}
