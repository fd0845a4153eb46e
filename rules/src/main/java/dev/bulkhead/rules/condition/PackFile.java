package dev.bulkhead.rules.condition;

import dev.bulkhead.rules.condition.Grammar.Part;
import dev.bulkhead.rules.site.Document;
import dev.bulkhead.rules.site.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The text of a pack of conditions: a pack, or all its mistakes. */
public final class PackFile {
    private final Map<String, Condition> conditions = new LinkedHashMap<>();

    private PackFile() {}

    /**
     * Reads a pack.
     *
     * @param file its name, for messages only
     */
    public static Document.Parsed<Pack> parse(String file, String text) {
        return Document.parse(file, text, new PackFile()::pack);
    }

    private Pack pack(Document.Table table) {
        String name = table.text("pack");
        for (Document.Table item : table.tables("conditions")) {
            add(item);
        }
        return new Pack(name, new ArrayList<>(conditions.values()));
    }

    private void add(Document.Table table) {
        String id = table.text("id");
        if (conditions.containsKey(id)) {
            table.entry().wrong("another condition is called '" + id + "'");
        }
        var of = table.oneOf("of", Role.Of.class);
        Optional<Kind> kind = table.find("kind").map(entry -> entry.asOneOf(Kind.class));
        boolean votes = table.flag("vote", false);
        Optional<Duration> window = table.find("window").map(Document.Entry::asDuration);
        Optional<Expression> when = expression(table, "when", of, Part.WHEN, votes);
        Optional<Expression> clear = expression(table, "clear", of, Part.CLEAR, votes);
        Optional<Expression> gate = expression(table, "while", of, Part.WHILE, votes);
        Duration dwell = table.duration("for", Duration.ZERO);
        int samples = table.integer("samples", 1, 1000, 1);
        Priority priority = table.oneOf("priority", Priority.class);
        boolean isLatching = table.flag("latching", false);
        String title = table.text("title");
        String guidance = table.text("guidance");
        if (!table.has("when")) {
            table.entry().wrong("'when' is missing");
        }
        // A safety key that is silently defaulted is worse than one that is asked for.
        if (!table.has("latching")) {
            table.entry().wrong("'latching' is missing");
        }
        if (table.has("for") && table.has("samples")) {
            table.entry().wrong("either 'for' or 'samples', not both");
        }
        if (votes && kind.isEmpty()) {
            table.entry().wrong("it votes, so it needs a 'kind' of evidence");
        }
        if (!votes && window.isPresent()) {
            table.entry().wrong("it has a 'window' but doesn't vote");
        }
        if (votes && !isLatching && kind.filter(PackFile::mustLatch).isPresent()) {
            table.entry().wrong("votes of gas and smoke must be 'latching: true'");
        }
        if (when.isPresent()
                && when.get().uses().stream().noneMatch(use -> use.role().of() == of)) {
            table.entry().wrong("'when' asks for no role of the " + Grammar.word(of) + " itself");
        }
        if (when.isEmpty() || (votes && kind.isEmpty())) {
            return;
        }
        conditions.put(
                id,
                new Condition(
                        new ConditionId(id),
                        of,
                        when.get(),
                        clear,
                        gate,
                        dwell,
                        samples,
                        kind,
                        votes ? window.or(() -> kind.map(Kind::window)) : Optional.empty(),
                        priority,
                        isLatching,
                        title,
                        guidance));
    }

    /** Fire and gas alarms latch until a person resets them (proposal, after ISA-18.2). */
    private static boolean mustLatch(Kind kind) {
        return kind == Kind.GAS || kind == Kind.SMOKE;
    }

    private static Optional<Expression> expression(
            Document.Table table, String key, Role.Of of, Part part, boolean votes) {
        return table.find(key).flatMap(entry -> Grammar.read(entry, of, part, votes));
    }
}
