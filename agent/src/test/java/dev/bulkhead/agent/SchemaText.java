package dev.bulkhead.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bulkhead.rules.site.Shape;
import dev.bulkhead.rules.site.Shape.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A shape as a JSON Schema.
 *
 * @param meanings what a key means, by its place: {@code .cells.milliohms}, {@code .timeline[].at}
 */
public record SchemaText(String title, Map<String, String> meanings) {
    public SchemaText {
        meanings = Map.copyOf(meanings);
    }

    public SchemaText(String title) {
        this(title, Map.of());
    }

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private static final String NUMBER =
            "^([-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?|0x[0-9a-fA-F]+)$";

    /**
     * The schema's text.
     *
     * @throws IllegalStateException if a key of it stands in no example, so that nobody knows what
     *     it may be
     */
    public String of(Shape shape) {
        ObjectNode schema = MAPPER.createObjectNode();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", title);
        schema.setAll(schema(shape, ""));
        try {
            return MAPPER.writeValueAsString(schema) + "\n";
        } catch (JsonProcessingException bug) {
            throw new IllegalStateException(bug);
        }
    }

    private ObjectNode schema(Shape shape, String at) {
        List<ObjectNode> ways = shape.kinds().stream().map(kind -> way(kind, shape, at)).toList();
        if (ways.isEmpty()) {
            throw new IllegalStateException("no example has " + at);
        }
        if (ways.size() == 1) {
            return ways.getFirst();
        }
        ObjectNode any = MAPPER.createObjectNode();
        any.putArray("anyOf").addAll(ways);
        return any;
    }

    private ObjectNode way(Kind kind, Shape shape, String at) {
        ObjectNode schema = MAPPER.createObjectNode();
        switch (kind) {
            // What a person writes without quotes may look like something else.
            case Kind.Text _ -> schema.putArray("type").add("string").add("number").add("boolean");
            case Kind.Quantity(double low, double high, boolean isWhole) -> {
                // In quotes it is a number all the same.
                schema.putArray("type").add(isWhole ? "integer" : "number").add("string");
                schema.put("pattern", NUMBER);
                put(schema, "minimum", low);
                put(schema, "maximum", high);
            }
            case Kind.Flag _ -> {
                schema.putArray("type").add("boolean").add("string");
                schema.put("pattern", "^(true|false)$");
            }
            case Kind.Span _ -> {
                schema.put("type", "string");
                schema.put("pattern", "^[0-9]+(\\.[0-9]+)?\\s*(ms|s|min|h|d)$");
            }
            case Kind.Timestamp _ -> {
                schema.put("type", "string");
                schema.put("format", "date-time");
            }
            case Kind.OneOf(List<String> words) -> {
                ArrayNode all = schema.putArray("enum");
                words.forEach(all::add);
            }
            case Kind.Items _ -> {
                schema.put("type", "array");
                shape.items().ifPresent(item -> schema.set("items", schema(item, at + "[]")));
            }
            case Kind.Mapping _ -> mapping(schema, shape, at);
        }
        return schema;
    }

    private ObjectNode explained(Shape shape, String at) {
        ObjectNode schema = schema(shape, at);
        Optional.ofNullable(meanings.get(at)).ifPresent(text -> schema.put("description", text));
        return schema;
    }

    private static void put(ObjectNode schema, String key, double bound) {
        if (Math.abs(bound) < 1e15) {
            if (bound == Math.rint(bound)) {
                schema.put(key, (long) bound);
            } else {
                schema.put(key, bound);
            }
        }
    }

    private void mapping(ObjectNode schema, Shape shape, String at) {
        schema.put("type", "object");
        if (!shape.keys().isEmpty()) {
            ObjectNode properties = schema.putObject("properties");
            shape.keys()
                    .forEach((key, value) -> properties.set(key, explained(value, at + "." + key)));
        }
        if (!shape.neededKeys().isEmpty()) {
            ArrayNode required = schema.putArray("required");
            shape.neededKeys().forEach(required::add);
        }
        if (shape.named().isPresent()) {
            schema.set("additionalProperties", schema(shape.named().get(), at + ".*"));
        } else {
            schema.put("additionalProperties", false);
        }
    }
}
