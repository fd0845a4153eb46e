package dev.bulkhead.agent.journal;

import dev.bulkhead.rules.Event;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Events of every kind there is, also of kinds that come to be after these tests. */
public final class ExampleEvents {
    private static final List<String> TEXTS =
            List.of("A1", "QB-1", "room B2: 61.2 °C, limit 45.0 °C", "한글 \"quoted\"\n", "E 0000");

    private final SplittableRandom random;

    public ExampleEvents(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** One of each kind. */
    public List<Event> ofEachKind() {
        List<Event> events = new ArrayList<>();
        for (Class<?> kind : Event.class.getPermittedSubclasses()) {
            events.add((Event) example(kind));
        }
        return events;
    }

    /** So many of any kind. */
    List<Event> some(int count) {
        Class<?>[] kinds = Event.class.getPermittedSubclasses();
        List<Event> events = new ArrayList<>();
        while (events.size() < count) {
            events.add((Event) example(kinds[random.nextInt(kinds.length)]));
        }
        return events;
    }

    private Object example(Type type) {
        if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
            List<Object> list = new ArrayList<>();
            for (int item = random.nextInt(3); item > 0; item--) {
                list.add(example(generic.getActualTypeArguments()[0]));
            }
            return list;
        }
        if (type == String.class) {
            return TEXTS.get(random.nextInt(TEXTS.size()));
        }
        if (type == Instant.class) {
            return Instant.ofEpochSecond(1_665_814_740L, random.nextLong(1_000_000_000));
        }
        if (type == boolean.class) {
            return random.nextBoolean();
        }
        if (type == int.class) {
            return random.nextInt();
        }
        if (type == double.class) {
            return random.nextDouble() * 600;
        }
        return exampleOf((Class<?>) type);
    }

    private Object exampleOf(Class<?> type) {
        if (type.isEnum()) {
            Object[] constants = type.getEnumConstants();
            return constants[random.nextInt(constants.length)];
        }
        if (type.isSealed()) {
            Class<?>[] alternatives = type.getPermittedSubclasses();
            return example(alternatives[random.nextInt(alternatives.length)]);
        }
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values =
                Arrays.stream(components)
                        .map(RecordComponent::getGenericType)
                        .map(this::example)
                        .toArray();
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException bug) {
            throw new IllegalStateException("no example of " + type, bug);
        }
    }
}
