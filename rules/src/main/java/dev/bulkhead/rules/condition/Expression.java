package dev.bulkhead.rules.condition;

import dev.cel.common.CelAbstractSyntaxTree;
import java.util.List;

/** A checked expression of a pack. */
public final class Expression {
    /**
     * A comparison of a number with a limit, to be said in evidence.
     *
     * @param text the side that is measured
     * @param limit the comparison and the other side, as in {@code >= 0.1}
     */
    record Measure(String text, String unit, String limit, CelAbstractSyntaxTree ast) {}

    /** One of the sides of {@code &&}, all of which must be so. */
    record Clause(String text, CelAbstractSyntaxTree ast) {}

    private final String text;
    private final CelAbstractSyntaxTree ast;
    private final List<Use> uses;
    private final List<Measure> measures;
    private final List<Clause> clauses;

    Expression(
            String text,
            CelAbstractSyntaxTree ast,
            List<Use> uses,
            List<Measure> measures,
            List<Clause> clauses) {
        this.text = text;
        this.ast = ast;
        this.uses = List.copyOf(uses);
        this.measures = List.copyOf(measures);
        this.clauses = List.copyOf(clauses);
    }

    CelAbstractSyntaxTree ast() {
        return ast;
    }

    /** What it asks, in the order it is written, each once. */
    List<Use> uses() {
        return uses;
    }

    List<Measure> measures() {
        return measures;
    }

    /** What must be so together; at least one. */
    List<Clause> clauses() {
        return clauses;
    }

    /** As written in the pack. */
    @Override
    public String toString() {
        return text;
    }
}
