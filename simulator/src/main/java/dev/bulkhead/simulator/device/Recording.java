package dev.bulkhead.simulator.device;

import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.Document;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.Problem;
import dev.bulkhead.rules.site.Site;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a device answered while {@code bulkhead modbus dump} recorded it. To a request it gives the
 * answer that had come by as long after the beginning; before the first one that one, and after the
 * last one the last. So requests are answered as they belong together, whatever their order now. A
 * request that was never recorded is refused as an illegal address.
 *
 * <p>The file's form is described at the agent's {@code ModbusDumpCommand}; it is read here anew.
 */
public final class Recording {
    private static final int ILLEGAL_ADDRESS = 2;
    private static final HexFormat HEX = HexFormat.of();

    /** How frames stand on a kind of link; what is wanted of one is function and data, as hex. */
    private enum Frames {
        MBAP(7, 0),
        RTU(1, 2),
        ASCII(1, 1) {
            @Override
            byte[] bytes(String hex) {
                String line = new String(HEX.parseHex(hex), StandardCharsets.US_ASCII);
                if (!line.startsWith(":") || !line.endsWith("\r\n")) {
                    throw new IllegalArgumentException("no ':' or no CR LF");
                }
                return HEX.parseHex(line.substring(1).strip());
            }
        };

        private final int before;
        private final int after;

        Frames(int before, int after) {
            this.before = before;
            this.after = after;
        }

        static Optional<Frames> of(String kind) {
            return switch (kind) {
                case "tcp", "tls" -> Optional.of(MBAP);
                case "rtu", "rtu-tcp" -> Optional.of(RTU);
                case "ascii", "ascii-tcp" -> Optional.of(ASCII);
                default -> Optional.empty();
            };
        }

        byte[] bytes(String hex) {
            return HEX.parseHex(hex);
        }

        /**
         * @throws IllegalArgumentException if it is no frame
         */
        String pdu(String hex) {
            byte[] bytes = bytes(hex);
            if (bytes.length < before + 2 + after) {
                throw new IllegalArgumentException("too short");
            }
            return HEX.formatHex(bytes, before, bytes.length - after);
        }
    }

    /**
     * What came of a request.
     *
     * @param at since the beginning
     * @param pdu of the answer; empty: none came
     */
    private record Heard(Duration at, Duration after, Optional<String> pdu) {}

    private final GatewayId gateway;
    private final int unit;
    private final Map<String, List<Heard>> answers;

    private Recording(GatewayId gateway, int unit, Map<String, List<Heard>> answers) {
        this.gateway = gateway;
        this.unit = unit;
        this.answers = answers;
    }

    /** Reads a dump, or says what is wrong with each of its lines. */
    public static Document.Parsed<Recording> parse(String file, String text) {
        return new Reader(file).read(text.lines().toList());
    }

    public GatewayId gateway() {
        return gateway;
    }

    public int unit() {
        return unit;
    }

    /** The device of a site that it is of; empty if the site has none there. */
    public Optional<DeviceId> device(Site site) {
        return site.devices().values().stream()
                .filter(device -> device.gateway().equals(gateway) && device.unit() == unit)
                .map(Device::id)
                .findFirst();
    }

    /**
     * What comes back.
     *
     * @param since how long after the recording's beginning
     */
    Answer answer(Request request, Duration since) {
        byte[] data = new byte[request.data().remaining()];
        request.data().get(data);
        String pdu = HEX.toHexDigits((byte) request.function()) + HEX.formatHex(data);
        List<Heard> all = answers.get(pdu);
        if (all == null) {
            return request.refusal(ILLEGAL_ADDRESS);
        }
        Heard now =
                all.stream()
                        .filter(heard -> heard.at().compareTo(since) <= 0)
                        .reduce((_, later) -> later)
                        .orElse(all.getFirst());
        return now.pdu()
                .map(HEX::parseHex)
                .map(answer -> answer(request, answer, now.after()))
                .orElseGet(Answer.Silence::new);
    }

    private static Answer answer(Request request, byte[] pdu, Duration after) {
        byte[] body = new byte[pdu.length - 1];
        System.arraycopy(pdu, 1, body, 0, body.length);
        Answer.Frame right =
                pdu[0] == (byte) request.function()
                        ? request.answer(body)
                        : request.refusal(body[0]);
        return new Answer.Frame(right.bytes(), after);
    }

    /** One reading of one file. */
    private static final class Reader {
        private static final String HEAD = "bulkhead-dump: 1";
        private static final List<String> ENDS =
                List.of("values", "refused", "lost", "unsent", "again");

        private final String file;
        private final List<Problem> problems = new ArrayList<>();
        private final Map<String, String> head = new LinkedHashMap<>();
        private final Map<String, List<Heard>> answers = new LinkedHashMap<>();
        private Optional<Instant> start = Optional.empty();

        private Reader(String file) {
            this.file = file;
        }

        private Document.Parsed<Recording> read(List<String> lines) {
            if (lines.isEmpty() || !lines.getFirst().equals(HEAD)) {
                wrong(1, "expected '" + HEAD + "', as 'bulkhead modbus dump' writes it");
                return new Document.Parsed<>(Optional.empty(), problems);
            }
            int at = 1;
            while (at < lines.size() && !lines.get(at).isBlank()) {
                readHead(at + 1, lines.get(at));
                at++;
            }
            Optional<Frames> frames = frames();
            Optional<Integer> unit = unit();
            String gateway = needed("gateway");
            if (problems.isEmpty()) {
                for (; at < lines.size(); at++) {
                    String line = lines.get(at);
                    if (!line.isBlank() && !line.startsWith("#")) {
                        readExchange(at + 1, line, frames.orElseThrow());
                    }
                }
            }
            if (problems.isEmpty() && answers.isEmpty()) {
                wrong(lines.size(), "nothing was answered; expected a line 'INSTANT values …'");
            }
            return new Document.Parsed<>(
                    problems.isEmpty()
                            ? Optional.of(
                                    new Recording(
                                            new GatewayId(gateway), unit.orElseThrow(), answers))
                            : Optional.empty(),
                    problems);
        }

        private void wrong(int line, String what) {
            problems.add(new Problem(file, line, 1, what));
        }

        private void readHead(int number, String line) {
            int colon = line.indexOf(": ");
            if (line.startsWith("#")) {
                return;
            }
            if (colon < 0) {
                wrong(number, "'" + line + "'; expected KEY: VALUE, or an empty line");
            } else {
                head.put(line.substring(0, colon), line.substring(colon + 2));
            }
        }

        private String needed(String key) {
            String value = head.getOrDefault(key, "");
            if (value.isEmpty()) {
                wrong(1, "there is no line '" + key + ": …' before the first empty line");
            }
            return value;
        }

        private Optional<Frames> frames() {
            String link = needed("link");
            Optional<Frames> frames = Frames.of(link.split(" ", 2)[0]);
            if (frames.isEmpty() && !link.isEmpty()) {
                wrong(
                        1,
                        "link: '"
                                + link
                                + "'; expected tcp, tls, rtu, rtu-tcp, ascii or ascii-tcp and a place");
            }
            return frames;
        }

        private Optional<Integer> unit() {
            String unit = needed("unit");
            if (unit.matches("[0-9]{1,3}") && Integer.parseInt(unit) <= 255) {
                return Optional.of(Integer.parseInt(unit));
            }
            if (!unit.isEmpty()) {
                wrong(1, "unit: '" + unit + "'; expected 0 to 255");
            }
            return Optional.empty();
        }

        private void readExchange(int number, String line, Frames frames) {
            String[] words = line.split(" ", 6);
            if (words.length < 5 || !ENDS.contains(words[1])) {
                wrong(
                        number,
                        "expected INSTANT, one of %s, MILLISECONDS, REQUEST and ANSWER"
                                .formatted(String.join(", ", ENDS)));
                return;
            }
            try {
                Instant at = Instant.parse(words[0]);
                start = start.or(() -> Optional.of(at));
                readExchange(number, Duration.between(start.get(), at), words, frames);
            } catch (DateTimeParseException _) {
                wrong(number, "'" + words[0] + "'; expected an instant as 2026-01-31T12:00:00Z");
            }
        }

        private void readExchange(int number, Duration at, String[] words, Frames frames) {
            boolean isAnswered = words[1].equals("values") || words[1].equals("refused");
            if (!isAnswered && !words[1].equals("lost")) {
                return;
            }
            if (!words[2].matches("[0-9]{1,7}(\\.[0-9]{1,6})?")) {
                wrong(number, "'" + words[2] + "'; expected milliseconds");
                return;
            }
            Duration after = Duration.ofNanos(Math.round(Double.parseDouble(words[2]) * 1e6));
            Optional<String> request = pdu(number, words[3], frames);
            Optional<String> answer = isAnswered ? pdu(number, words[4], frames) : Optional.empty();
            answer.flatMap(Reader::whatIsCut).ifPresent(cut -> wrong(number, cut));
            request.ifPresent(
                    asked ->
                            answers.computeIfAbsent(asked, _ -> new ArrayList<>())
                                    .add(new Heard(at, after, answer)));
        }

        /** What is wrong with an answer to a read that has another length than it says. */
        private static Optional<String> whatIsCut(String pdu) {
            byte[] bytes = HEX.parseHex(pdu);
            boolean isOfRead = bytes[0] >= 1 && bytes[0] <= 4;
            int said = Byte.toUnsignedInt(bytes[1]);
            int found = bytes.length - 2;
            return isOfRead && said != found
                    ? Optional.of(
                            "the answer says it has %d bytes of data, and has %d"
                                    .formatted(said, found))
                    : Optional.empty();
        }

        private Optional<String> pdu(int number, String frame, Frames frames) {
            try {
                return Optional.of(frames.pdu(frame));
            } catch (IllegalArgumentException wrong) {
                wrong(
                        number,
                        "'%s' is no frame of %s in hexadecimal digits: %s"
                                .formatted(frame, frames, wrong.getMessage()));
                return Optional.empty();
            }
        }
    }
}
