package dev.bulkhead.agent.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.bulkhead.agent.json.RulesJson;
import dev.bulkhead.rules.Event;
import java.util.List;
import java.util.Optional;

/**
 * An event as one line of JSON and back. The line names the event's record under {@code is}; its
 * components follow in their order. A name or component this program doesn't know, or one that is
 * missing, is refused: an older program never misreads a newer one's journal.
 */
public final class EntryCodec {

    /** A line that can't be read exactly. */
    public static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1;

        private Unreadable(String why) {
            super(why);
        }
    }

    private static final TypeReference<List<Event>> TOGETHER = new TypeReference<>() {};
    private static final JsonMapper MAPPER = RulesJson.mapper(Event.class);

    private final ObjectWriter event = MAPPER.writerFor(Event.class);
    private final ObjectWriter events = MAPPER.writerFor(TOGETHER);
    private final ObjectReader anEvent = MAPPER.readerFor(Event.class);
    private final ObjectReader someEvents = MAPPER.readerFor(TOGETHER);

    /** One line, without its end. */
    public String write(Event one) {
        return write(event, one);
    }

    /** Events that belong together as one line: a JSON array. */
    String write(List<Event> together) {
        return write(events, together);
    }

    private static String write(ObjectWriter writer, Object value) {
        try {
            return writer.writeValueAsString(value);
        } catch (JsonProcessingException bug) {
            throw new IllegalStateException("an event that can't be written: " + value, bug);
        }
    }

    /**
     * The event of a line.
     *
     * @param number of the entry, for the message
     */
    public Event read(long number, String line) throws Unreadable {
        try {
            Optional<Event> read = Optional.ofNullable(anEvent.readValue(line));
            return read.orElseThrow(() -> new Unreadable("entry " + number + ": no event in it"));
        } catch (JsonProcessingException strange) {
            throw new Unreadable(explain(number, strange));
        }
    }

    /**
     * The events of a line that belong together.
     *
     * @param first number of the first of them, for the message
     */
    List<Event> readTogether(long first, String line) throws Unreadable {
        try {
            List<Event> together = someEvents.readValue(line);
            if (together == null || together.isEmpty() || together.contains(null)) {
                throw new Unreadable("entry " + first + ": no event in it");
            }
            return List.copyOf(together);
        } catch (JsonProcessingException strange) {
            throw new Unreadable(explain(first + offset(strange), strange));
        }
    }

    /** Which element of an array was being read. */
    private static int offset(JsonProcessingException strange) {
        return strange instanceof JsonMappingException mapping
                ? mapping.getPath().stream()
                        .mapToInt(JsonMappingException.Reference::getIndex)
                        .filter(index -> index >= 0)
                        .findFirst()
                        .orElse(0)
                : 0;
    }

    private static String explain(long number, JsonProcessingException strange) {
        String what =
                switch (strange) {
                    case InvalidTypeIdException unknown when unknown.getTypeId() == null ->
                            "it doesn't say what it is";
                    case InvalidTypeIdException unknown ->
                            "'" + unknown.getTypeId() + "' is nothing this program knows";
                    case UnrecognizedPropertyException unknown ->
                            "'"
                                    + unknown.getPropertyName()
                                    + "' in "
                                    + unknown.getReferringClass().getSimpleName()
                                    + " is nothing this program knows";
                    case JsonMappingException wrong ->
                            wrong.getOriginalMessage() + " (" + path(wrong) + ")";
                    case JsonProcessingException wrong -> wrong.getOriginalMessage();
                };
        return "entry " + number + ": " + what + "; was it written by a newer Bulkhead?";
    }

    private static String path(JsonMappingException wrong) {
        var path = new StringBuilder("at ");
        for (JsonMappingException.Reference step : wrong.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append('.').append(step.getFieldName());
            }
        }
        return path.toString();
    }
}
