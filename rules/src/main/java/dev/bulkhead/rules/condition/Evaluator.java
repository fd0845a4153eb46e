package dev.bulkhead.rules.condition;

import dev.bulkhead.rules.site.Role;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.Program;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Runs expressions. CEL hands our functions their arguments only, so what they look at is held here
 * while one runs: an evaluator belongs to one thread.
 *
 * <p>A missing reading is thrown and CEL carries it as an error, which {@code true ||} and {@code
 * false &&} absorb on either side; what is left of it is UNKNOWN.
 */
// CEL asks that functions be immutable because a runtime may be shared; this one isn't.
@SuppressWarnings("Immutable")
final class Evaluator {
    private final CelRuntime runtime =
            CelRuntimeFactory.plannerRuntimeBuilder()
                    .setOptions(Grammar.OPTIONS)
                    .addFunctionBindings(
                            CelFunctionBinding.fromOverloads(
                                    "age",
                                    CelFunctionBinding.from(
                                            "age",
                                            String.class,
                                            role -> number(at -> at.ageSeconds(known(role))))))
                    .addFunctionBindings(
                            CelFunctionBinding.fromOverloads(
                                    "overPeers",
                                    CelFunctionBinding.from(
                                            "overPeers",
                                            String.class,
                                            role -> number(at -> at.overPeers(known(role))))))
                    .addFunctionBindings(
                            CelFunctionBinding.fromOverloads(
                                    "anySet",
                                    CelFunctionBinding.from(
                                            "anySet",
                                            String.class,
                                            role -> truth(at -> at.isAnySet(known(role))))))
                    .addFunctionBindings(
                            CelFunctionBinding.fromOverloads(
                                    "allClearSince",
                                    CelFunctionBinding.from(
                                            "allClearSince",
                                            List.of(String.class, String.class, Long.class),
                                            this::allClearSince)))
                    .addFunctionBindings(
                            CelFunctionBinding.fromOverloads(
                                    "idle",
                                    CelFunctionBinding.from(
                                            "idle",
                                            List.of(String.class, Double.class, Long.class),
                                            this::idle)))
                    .addFunctionBindings(
                            CelFunctionBinding.fromOverloads(
                                    "ratePerMinute",
                                    CelFunctionBinding.from(
                                            "rate",
                                            String.class,
                                            Long.class,
                                            (role, count) -> rate(role, count, Duration.ZERO)),
                                    CelFunctionBinding.from(
                                            "rate_over_span",
                                            List.of(String.class, Long.class, Long.class),
                                            this::rateOverSpan)))
                    .build();

    private volatile boolean isRunning;
    private Optional<Moment> moment = Optional.empty();
    private String missing = "";

    Program program(CelAbstractSyntaxTree tree) {
        try {
            return runtime.createProgram(tree);
        } catch (CelEvaluationException broken) {
            throw new IllegalStateException("an expression that was checked", broken);
        }
    }

    Answer ask(Program program, Moment at) {
        Optional<Object> result = run(program, at);
        if (result.isEmpty()) {
            return new Answer.Unknown(missing);
        }
        return new Answer.Known(Boolean.TRUE.equals(result.get()));
    }

    Optional<Double> number(Program program, Moment at) {
        return run(program, at).filter(Double.class::isInstance).map(Double.class::cast);
    }

    private Optional<Object> run(Program program, Moment at) {
        // Two threads would judge by each other's readings, and nobody would see it.
        if (isRunning) {
            throw new IllegalStateException("an evaluator belongs to one thread");
        }
        isRunning = true;
        moment = Optional.of(at);
        missing = "can't be computed";
        try {
            return Optional.of(program.eval(this::find));
        } catch (CelEvaluationException _) {
            // A reading is missing: that is what an empty answer says, and 'missing' says which.
            return Optional.empty();
        } finally {
            isRunning = false;
        }
    }

    private Optional<Object> find(String name) {
        return Grammar.role(name).map(role -> noting(at -> at.latest(role)));
    }

    /** A question to the moment. */
    private interface Question<T> {
        T ask(Moment moment);
    }

    private <T> T noting(Question<T> question) {
        try {
            return question.ask(moment.orElseThrow());
        } catch (Moment.Missing reading) {
            missing = reading.why();
            throw reading;
        }
    }

    private Object number(Question<Double> question) {
        return noting(question);
    }

    private Object truth(Question<Boolean> question) {
        return noting(question);
    }

    private Object idle(Object[] arguments) {
        Role role = known((String) arguments[0]);
        var length = Duration.ofMinutes((Long) arguments[2]);
        return truth(at -> at.isIdle(role, (Double) arguments[1], length));
    }

    private Object allClearSince(Object[] arguments) {
        Role role = known((String) arguments[0]);
        Role own = known((String) arguments[1]);
        var before = Duration.ofMinutes((Long) arguments[2]);
        return truth(at -> at.isAllClearSince(role, own, before));
    }

    private Object rateOverSpan(Object[] arguments) {
        return rate(
                (String) arguments[0],
                (Long) arguments[1],
                Duration.ofSeconds((Long) arguments[2]));
    }

    private Object rate(String role, long count, Duration span) {
        return number(at -> at.ratePerMinute(known(role), count, span));
    }

    private static Role known(String role) {
        return Grammar.role(role).orElseThrow();
    }
}
