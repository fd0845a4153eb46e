package dev.bulkhead.agent.modbus;

import com.ghgande.j2mod.modbus.util.ModbusUtil;
import dev.bulkhead.agent.modbus.Pdu.Frame;
import dev.bulkhead.rules.site.Link;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * How a request and its answer stand on the wire: Modbus messaging on TCP/IP 1.0b, section 3.1, and
 * Modbus over serial line 1.02, sections 2.5.1 and 2.5.2.
 *
 * <pre>
 *  MBAP   transaction  protocol 0  length  unit  function  data…         from the unit on: length bytes
 *  RTU                                     unit  function  data…  CRC    its low byte first
 *  ASCII  ':'                              unit  function  data…  LRC    CR LF; between, two digits a byte
 * </pre>
 */
sealed interface Framing {
    /** The framing of a link. */
    static Framing of(Link link) {
        return switch (link) {
            case Link.Tcp _, Link.Tls _ -> new Mbap();
            case Link.RtuOverTcp _, Link.Rtu _ -> new Rtu();
            case Link.AsciiOverTcp _, Link.Ascii _ -> new Ascii();
        };
    }

    Bytes request(int transaction, Exchange exchange);

    /**
     * Reads what has come in answer to {@code request}; every byte is checked as soon as it is
     * there.
     */
    Frame answer(Bytes bytes, Bytes request, Exchange exchange);

    /**
     * Whether an answer carries its request's number. Where it doesn't, only time tells the answers
     * to two requests for as much of one unit apart.
     */
    boolean isNumbered();

    /** Modbus TCP. */
    record Mbap() implements Framing {
        private static final int HEADER = 6;

        @Override
        public Bytes request(int transaction, Exchange exchange) {
            Bytes pdu = Pdu.request(exchange);
            return Bytes.ofWord(transaction)
                    .plus(Bytes.ofWord(0))
                    .plus(Bytes.ofWord(1 + pdu.length()))
                    .plus(Bytes.ofByte(exchange.unit()))
                    .plus(pdu);
        }

        @Override
        public Frame answer(Bytes bytes, Bytes request, Exchange exchange) {
            Optional<String> objection = objectionToHeader(bytes, request, exchange);
            if (objection.isPresent()) {
                return new Frame.Broken(objection.get());
            }
            return body(bytes.from(HEADER), request.from(HEADER), exchange, _ -> Bytes.NONE);
        }

        private static Optional<String> objectionToHeader(
                Bytes bytes, Bytes request, Exchange exchange) {
            int there = bytes.length();
            if (there >= 2 && bytes.word(0) != request.word(0)) {
                return Pdu.differs("transaction", request.word(0), bytes.word(0));
            }
            if (there >= 4 && bytes.word(2) != 0) {
                return Pdu.differs("protocol", 0, bytes.word(2));
            }
            Bytes pdu = bytes.from(HEADER + 1);
            boolean canBeException =
                    there >= HEADER
                            && pdu.length() == 0
                            && bytes.word(4) == 1 + Pdu.EXCEPTION_LENGTH;
            return there < HEADER || canBeException
                    ? Optional.empty()
                    : Pdu.differs("length", 1 + Pdu.length(pdu, exchange), bytes.word(4));
        }

        @Override
        public boolean isNumbered() {
            return true;
        }
    }

    /** Binary frames of a serial line. */
    record Rtu() implements Framing {
        @Override
        public Bytes request(int transaction, Exchange exchange) {
            Bytes body = Bytes.ofByte(exchange.unit()).plus(Pdu.request(exchange));
            return body.plus(crc(body));
        }

        @Override
        public Frame answer(Bytes bytes, Bytes request, Exchange exchange) {
            return body(bytes, request, exchange, Rtu::crc);
        }

        private static Bytes crc(Bytes body) {
            int[] lowAndHigh = ModbusUtil.calculateCRC(body.toArray(), 0, body.length());
            return Bytes.ofByte(lowAndHigh[0]).plus(Bytes.ofByte(lowAndHigh[1]));
        }

        @Override
        public boolean isNumbered() {
            return false;
        }
    }

    /** Hexadecimal frames of a serial line. */
    record Ascii() implements Framing {
        private static final Bytes END = Bytes.ofHex("0d0a");

        /**
         * In upper case only, as the standard has them: no flipped bit leaves a digit as it was.
         */
        private static final HexFormat DIGITS = HexFormat.of().withUpperCase();

        @Override
        public Bytes request(int transaction, Exchange exchange) {
            Bytes body = Bytes.ofByte(exchange.unit()).plus(Pdu.request(exchange));
            String digits = DIGITS.formatHex(body.plus(lrc(body)).toArray());
            return Bytes.of((":" + digits).getBytes(StandardCharsets.US_ASCII)).plus(END);
        }

        @Override
        public Frame answer(Bytes bytes, Bytes request, Exchange exchange) {
            if (bytes.length() > 0 && bytes.at(0) != ':') {
                return new Frame.Broken("no ':' at its beginning: " + bytes);
            }
            int digits = digits(bytes);
            Bytes end = bytes.from(1 + digits);
            Frame frame =
                    body(read(bytes, digits), read(request, digits(request)), exchange, Ascii::lrc);
            return switch (frame) {
                case Frame.Broken _ -> frame;
                case Frame.Partial _ when end.length() == 0 -> frame;
                case Frame.Partial _ -> new Frame.Broken("it ends early: " + bytes);
                case Frame.Values _, Frame.Echo _, Frame.Exceptional _
                        when digits % 2 != 0 || !END.startsWith(end) ->
                        new Frame.Broken("it doesn't end with CR LF: " + bytes);
                case Frame.Values _, Frame.Echo _, Frame.Exceptional _ ->
                        end.equals(END) ? frame : new Frame.Partial();
            };
        }

        /** How many digits stand behind the colon. */
        private static int digits(Bytes bytes) {
            int at = 1;
            while (at < bytes.length() && isDigit(bytes.at(at))) {
                at++;
            }
            return at - 1;
        }

        private static boolean isDigit(int character) {
            return (character >= '0' && character <= '9') || (character >= 'A' && character <= 'F');
        }

        /** The bytes whose both digits are there. */
        private static Bytes read(Bytes bytes, int digits) {
            byte[] pairs = bytes.from(1).slice(0, digits / 2 * 2).toArray();
            return Bytes.of(DIGITS.parseHex(new String(pairs, StandardCharsets.US_ASCII)));
        }

        /** What makes the sum of all bytes zero. */
        private static Bytes lrc(Bytes body) {
            int sum = 0;
            for (int i = 0; i < body.length(); i++) {
                sum += body.at(i);
            }
            return Bytes.ofByte(-sum);
        }

        @Override
        public boolean isNumbered() {
            return false;
        }
    }

    /** Reads unit, PDU and checksum, and nothing after them. */
    private static Frame body(
            Bytes bytes, Bytes request, Exchange exchange, UnaryOperator<Bytes> checksum) {
        if (bytes.length() > 0 && bytes.at(0) != exchange.unit()) {
            return new Frame.Broken("unit: expected " + exchange.unit() + ", got " + bytes.at(0));
        }
        Bytes pdu = bytes.from(1);
        Optional<String> objection = Pdu.objection(pdu, request.from(1), exchange);
        if (objection.isPresent()) {
            return new Frame.Broken(objection.get());
        }
        int length = 1 + Pdu.length(pdu, exchange);
        if (bytes.length() < length) {
            return new Frame.Partial();
        }
        Bytes expected = checksum.apply(bytes.slice(0, length));
        Bytes actual = bytes.from(length);
        if (actual.equals(expected)) {
            return Pdu.content(pdu, exchange);
        }
        return expected.startsWith(actual)
                ? new Frame.Partial()
                : new Frame.Broken(
                        actual.startsWith(expected)
                                ? "bytes after its end: " + actual.from(expected.length())
                                : "checksum: expected " + expected + ", got " + actual);
    }
}
