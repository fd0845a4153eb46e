package dev.bulkhead.agent.json;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.LinkedHashSet;
import java.util.Set;

/** Makes mappers that write and read records of the rules, without a word of JSON in the rules. */
public final class RulesJson {

    /** The key that says which alternative of a sealed interface an object is. */
    public static final String ALTERNATIVE = "is";

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = ALTERNATIVE)
    private interface AlternativeByName {}

    /** Mixed into records of one text called {@code value}: they are that text. */
    private abstract static class PlainText {
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        @SuppressWarnings("unused")
        PlainText(String value) {}

        @JsonValue
        abstract String value();
    }

    private RulesJson() {}

    /**
     * A mapper for this type and all that its records reach. Strict: an unknown or missing key, a
     * null, a number where a text belongs are refused, so that what an older program doesn't know
     * it doesn't misread.
     */
    public static JsonMapper mapper(Class<?> root) {
        Set<Class<?>> reached = new LinkedHashSet<>();
        reach(root, reached);
        JsonMapper.Builder builder =
                JsonMapper.builder()
                        .addModule(new JavaTimeModule())
                        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                        .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                        .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                        .withCoercionConfig(
                                LogicalType.Textual,
                                texts ->
                                        texts.setCoercion(
                                                        CoercionInputShape.Integer,
                                                        CoercionAction.Fail)
                                                .setCoercion(
                                                        CoercionInputShape.Float,
                                                        CoercionAction.Fail)
                                                .setCoercion(
                                                        CoercionInputShape.Boolean,
                                                        CoercionAction.Fail))
                        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                        .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                        .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                        .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        // Methods beside a record's components, as Loss.servers(), are derived.
                        .visibility(PropertyAccessor.IS_GETTER, JsonAutoDetect.Visibility.NONE);
        for (Class<?> type : reached) {
            if (type.isSealed()) {
                builder.addMixIn(type, AlternativeByName.class);
                for (Class<?> alternative : type.getPermittedSubclasses()) {
                    builder.registerSubtypes(
                            new NamedType(alternative, alternative.getSimpleName()));
                }
            } else if (isPlainText(type)) {
                builder.addMixIn(type, PlainText.class);
            }
        }
        return builder.build();
    }

    private static boolean isPlainText(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        return components != null
                && components.length == 1
                && components[0].getName().equals("value")
                && components[0].getType() == String.class;
    }

    private static void reach(Type type, Set<Class<?>> reached) {
        switch (type) {
            case Class<?> plain -> reachClass(plain, reached);
            case ParameterizedType generic -> {
                reach(generic.getRawType(), reached);
                for (Type argument : generic.getActualTypeArguments()) {
                    reach(argument, reached);
                }
            }
            case WildcardType wildcard -> reach(wildcard.getUpperBounds()[0], reached);
            case GenericArrayType array -> reach(array.getGenericComponentType(), reached);
            case TypeVariable<?> _ -> {
                // Bound where the generic type is used.
            }
            default -> throw new IllegalArgumentException("no such kind of type: " + type);
        }
    }

    private static void reachClass(Class<?> type, Set<Class<?>> reached) {
        if (!reached.add(type)) {
            return;
        }
        if (type.isSealed()) {
            for (Class<?> alternative : type.getPermittedSubclasses()) {
                reachClass(alternative, reached);
            }
        }
        if (type.isRecord()) {
            for (RecordComponent component : type.getRecordComponents()) {
                reach(component.getGenericType(), reached);
            }
        }
    }
}
