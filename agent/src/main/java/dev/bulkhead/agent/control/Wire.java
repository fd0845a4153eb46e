package dev.bulkhead.agent.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.bulkhead.agent.json.RulesJson;

/** Requests and replies as lines. */
final class Wire {

    /** A line that is not what was expected. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        private Malformed(String why) {
            super(why);
        }
    }

    private static final JsonMapper REQUESTS = RulesJson.mapper(Request.class);
    private static final JsonMapper REPLIES = RulesJson.mapper(Reply.class);

    private Wire() {}

    static Request request(String line) throws Malformed {
        return read(REQUESTS, Request.class, line);
    }

    static Reply reply(String line) throws Malformed {
        return read(REPLIES, Reply.class, line);
    }

    static byte[] line(Request request) {
        return line(REQUESTS.writerFor(Request.class), request);
    }

    static byte[] line(Reply reply) {
        return line(REPLIES.writerFor(Reply.class), reply);
    }

    private static <T> T read(JsonMapper mapper, Class<T> type, String line) throws Malformed {
        try {
            T value = mapper.readValue(line, type);
            if (value == null) {
                throw new Malformed("an empty line");
            }
            return value;
        } catch (JsonMappingException wrong) {
            // Jackson quotes our own reason with a lengthy frame around it.
            Throwable cause = wrong.getCause();
            throw new Malformed(
                    cause instanceof IllegalArgumentException
                            ? String.valueOf(cause.getMessage())
                            : wrong.getOriginalMessage());
        } catch (JsonProcessingException wrong) {
            throw new Malformed(wrong.getOriginalMessage());
        }
    }

    private static byte[] line(ObjectWriter writer, Object value) {
        try {
            return (writer.writeValueAsString(value) + "\n").getBytes(UTF_8);
        } catch (JsonProcessingException bug) {
            throw new IllegalStateException(bug);
        }
    }
}
