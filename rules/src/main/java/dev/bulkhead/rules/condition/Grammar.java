package dev.bulkhead.rules.condition;

import dev.bulkhead.rules.condition.Expression.Clause;
import dev.bulkhead.rules.condition.Expression.Measure;
import dev.bulkhead.rules.site.Document;
import dev.bulkhead.rules.site.Role;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelUnparserFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.stream.Stream;

/**
 * Reads one expression of a pack: CEL over role names, with a few functions of our own that take a
 * role as a text, because they look at more than its latest value.
 *
 * <p>Only what can be followed by hand is admitted: numbers, flags, positions, comparisons, {@code
 * && || ! ?:}, {@code + - *} and division by a number that isn't zero, so that no result is ever
 * NaN, which CEL would quietly call false.
 */
final class Grammar {
    /** The part of a condition an expression is. */
    enum Part {
        WHEN,
        CLEAR,
        WHILE
    }

    static final CelOptions OPTIONS =
            CelOptions.current().enableHeterogeneousNumericComparisons(true).build();

    /** CEL's inner names of the operators a pack may use. */
    private static final List<String> OPERATORS =
            List.of(
                    "_&&_", "_||_", "!_", "_?_:_", "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_",
                    "_+_", "_-_", "_*_", "_/_", "-_");

    private static final Map<String, String> COMPARISONS = comparisons();
    private static final Map<String, Role> ROLES = roles();
    private static final List<String> FUNCTIONS =
            List.of("age", "ratePerMinute", "overPeers", "idle", "anySet", "allClearSince");
    private static final CelCompiler TRUTHS = compiler(SimpleType.BOOL);
    private static final CelCompiler NUMBERS = compiler(SimpleType.DOUBLE);

    private final Document.Entry entry;
    private final String text;
    private final Role.Of of;
    private final Part part;
    private final boolean votes;
    private final SequencedSet<Use> uses = new LinkedHashSet<>();
    private final List<Measure> measures = new ArrayList<>();
    private boolean isSound = true;

    private Grammar(Document.Entry entry, Role.Of of, Part part, boolean votes) {
        this.entry = entry;
        this.text = entry.asText();
        this.of = of;
        this.part = part;
        this.votes = votes;
    }

    /** The expression an entry holds, or nothing after its problems have been noted there. */
    static Optional<Expression> read(Document.Entry entry, Role.Of of, Part part, boolean votes) {
        return new Grammar(entry, of, part, votes).read();
    }

    static Optional<Role> role(String name) {
        return Optional.ofNullable(ROLES.get(name));
    }

    private Optional<Expression> read() {
        CelValidationResult parsed = TRUTHS.parse(text);
        note(parsed);
        if (!isSound) {
            return Optional.empty();
        }
        CelAbstractSyntaxTree tree = tree(parsed);
        visit(tree, tree.getExpr());
        if (!isSound) {
            return Optional.empty();
        }
        CelValidationResult checked = TRUTHS.check(tree);
        note(checked);
        return isSound
                ? Optional.of(
                        new Expression(
                                text,
                                tree(checked),
                                List.copyOf(uses),
                                measures,
                                clauses(tree, tree.getExpr()).toList()))
                : Optional.empty();
    }

    private static Stream<Clause> clauses(CelAbstractSyntaxTree tree, CelExpr expression) {
        if (expression.getKind() == CelExpr.ExprKind.Kind.CALL
                && expression.call().function().equals("_&&_")) {
            return expression.call().args().stream().flatMap(side -> clauses(tree, side));
        }
        String said = unparsed(tree, expression);
        return Stream.of(new Clause(said, tree(TRUTHS.compile(said))));
    }

    private static String unparsed(CelAbstractSyntaxTree tree, CelExpr expression) {
        return CelUnparserFactory.newUnparser()
                .unparse(CelAbstractSyntaxTree.newParsedAst(expression, tree.getSource()));
    }

    private void note(CelValidationResult result) {
        for (CelIssue issue : result.getErrors()) {
            int offset = result.getSource().getLocationOffset(issue.getSourceLocation()).orElse(0);
            wrong(offset, issue.getMessage());
        }
    }

    private void wrong(int offset, String what) {
        isSound = false;
        entry.wrongAt(offset, what);
    }

    private void wrong(CelAbstractSyntaxTree tree, CelExpr at, String what) {
        CelExpr first = at.getKind() == CelExpr.ExprKind.Kind.SELECT ? at.select().operand() : at;
        wrong(tree.getSource().getPositionsMap().getOrDefault(first.id(), 0), what);
    }

    private static CelAbstractSyntaxTree tree(CelValidationResult result) {
        try {
            return result.getAst();
        } catch (CelValidationException broken) {
            throw new IllegalStateException("its errors were noted before", broken);
        }
    }

    private void visit(CelAbstractSyntaxTree tree, CelExpr expression) {
        switch (expression.getKind()) {
            case CONSTANT -> {
                if (!isPlain(expression.constant())) {
                    wrong(tree, expression, "a number, a text, true or false was expected");
                }
            }
            case IDENT, SELECT -> visitName(tree, expression);
            case CALL -> visitCall(tree, expression);
            case LIST, MAP, STRUCT, COMPREHENSION, NOT_SET ->
                    wrong(tree, expression, "conditions have no lists, maps or loops");
        }
    }

    private static boolean isPlain(CelConstant constant) {
        return switch (constant.getKind()) {
            case BOOLEAN_VALUE, INT64_VALUE, DOUBLE_VALUE, STRING_VALUE -> true;
            default -> false;
        };
    }

    private void visitName(CelAbstractSyntaxTree tree, CelExpr expression) {
        String name = name(expression);
        Role role = ROLES.get(name);
        if (role == null) {
            wrong(
                    tree,
                    expression,
                    "no role is called '" + name + "'" + Document.nearest(name, ROLES.keySet()));
        } else if (isWithinReach(tree, expression, role)) {
            uses.add(new Use.Latest(role));
        }
    }

    private static String name(CelExpr expression) {
        return switch (expression.getKind()) {
            case IDENT -> expression.ident().name();
            case SELECT -> name(expression.select().operand()) + "." + expression.select().field();
            default -> "?";
        };
    }

    /** Whether a condition of this subject, in this part, may ask for a role. */
    private boolean isWithinReach(CelAbstractSyntaxTree tree, CelExpr expression, Role role) {
        if (!Reach.kinds(of).contains(role.of())) {
            wrong(tree, expression, "a " + word(of) + " has no " + role);
            return false;
        }
        if (votes && part != Part.WHILE && role.of() != of) {
            wrong(
                    tree,
                    expression,
                    "a vote speaks for one device, so it is made and cleared by roles of its own "
                            + word(of)
                            + "; "
                            + role
                            + " can only hold it back, in 'while'");
            return false;
        }
        return true;
    }

    private void visitCall(CelAbstractSyntaxTree tree, CelExpr expression) {
        String function = expression.call().function();
        List<CelExpr> arguments = expression.call().args();
        if (FUNCTIONS.contains(function) && expression.call().target().isEmpty()) {
            visitFunction(tree, expression, function, arguments);
            return;
        }
        if (!OPERATORS.contains(function) || expression.call().target().isPresent()) {
            wrong(
                    tree,
                    expression,
                    "no function is called '"
                            + function
                            + "'"
                            + Document.nearest(function, FUNCTIONS));
            return;
        }
        if (function.equals("_/_") && !isNonZero(arguments.get(1))) {
            wrong(tree, expression, "only division by a number is known; multiply the other side");
        }
        arguments.forEach(argument -> visit(tree, argument));
        String comparison = COMPARISONS.get(function);
        if (isSound && comparison != null) {
            measure(tree, arguments.get(0), comparison, arguments.get(1));
        }
    }

    private static boolean isNonZero(CelExpr expression) {
        return number(expression).filter(value -> value != 0).isPresent();
    }

    private static Optional<Double> number(CelExpr expression) {
        if (expression.getKind() != CelExpr.ExprKind.Kind.CONSTANT) {
            return Optional.empty();
        }
        return switch (expression.constant().getKind()) {
            case DOUBLE_VALUE -> Optional.of(expression.constant().doubleValue());
            case INT64_VALUE -> Optional.of((double) expression.constant().int64Value());
            default -> Optional.empty();
        };
    }

    private void visitFunction(
            CelAbstractSyntaxTree tree, CelExpr call, String function, List<CelExpr> arguments) {
        Optional<Role> named =
                arguments.isEmpty() ? Optional.empty() : named(tree, arguments.getFirst());
        if (arguments.isEmpty()) {
            wrong(tree, call, function + " needs a role in quotes");
        }
        if (named.isEmpty() || !isWithinReach(tree, arguments.getFirst(), named.get())) {
            return;
        }
        if (function.equals("allClearSince")) {
            visitAllClearSince(tree, call, named.get(), arguments);
            return;
        }
        numbers(tree, arguments.subList(1, arguments.size()))
                .flatMap(
                        numbers ->
                                use(
                                        tree,
                                        call,
                                        arguments.getFirst(),
                                        function,
                                        named.get(),
                                        numbers))
                .ifPresent(uses::add);
    }

    private void visitAllClearSince(
            CelAbstractSyntaxTree tree, CelExpr call, Role role, List<CelExpr> arguments) {
        if (arguments.size() != 3) {
            wrong(tree, call, "allClearSince takes a role, a flag of its own and minutes");
            return;
        }
        Optional<String> complaint = complaint("allClearSince", role, List.of());
        complaint.ifPresent(what -> wrong(tree, arguments.getFirst(), what));
        Optional<Role> own = named(tree, arguments.get(1));
        if (own.filter(flag -> flag.of() != of || flag.type() != Role.Type.FLAG).isPresent()) {
            wrong(tree, arguments.get(1), "a flag of the " + word(of) + " itself was expected");
        }
        Optional<List<Double>> minutes = numbers(tree, arguments.subList(2, 3));
        if (isSound && own.isPresent() && minutes.isPresent()) {
            uses.add(
                    new Use.AllClearSince(role, own.get(), seconds(minutes.get().getFirst() * 60)));
        }
    }

    /** Numbers above 0; nothing if one of them is none, which has been noted. */
    private Optional<List<Double>> numbers(CelAbstractSyntaxTree tree, List<CelExpr> arguments) {
        List<Double> numbers = new ArrayList<>();
        for (CelExpr argument : arguments) {
            Optional<Double> number = number(argument).filter(value -> value > 0);
            if (number.isEmpty()) {
                wrong(tree, argument, "a number above 0 was expected");
                return Optional.empty();
            }
            numbers.add(number.get());
        }
        return Optional.of(numbers);
    }

    private Optional<Role> named(CelAbstractSyntaxTree tree, CelExpr argument) {
        if (argument.getKind() != CelExpr.ExprKind.Kind.CONSTANT
                || argument.constant().getKind() != CelConstant.Kind.STRING_VALUE) {
            wrong(tree, argument, "a role in quotes was expected");
            return Optional.empty();
        }
        String name = argument.constant().stringValue();
        if (!ROLES.containsKey(name)) {
            wrong(
                    tree,
                    argument,
                    "no role is called '" + name + "'" + Document.nearest(name, ROLES.keySet()));
        }
        return role(name);
    }

    /** What a function asks; nothing if its arguments aren't its own, which the checker says. */
    private Optional<Use> use(
            CelAbstractSyntaxTree tree,
            CelExpr call,
            CelExpr place,
            String function,
            Role role,
            List<Double> numbers) {
        Optional<String> complaint = complaint(function, role, numbers);
        if (complaint.isPresent()) {
            wrong(tree, place, complaint.get());
            return Optional.empty();
        }
        return switch (function + "/" + numbers.size()) {
            case "age/0" -> Optional.of(new Use.Age(role));
            case "overPeers/0" -> Optional.of(new Use.OverPeers(role));
            case "anySet/0" -> Optional.of(new Use.AnySet(role));
            case "ratePerMinute/1" ->
                    Optional.of(new Use.Rate(role, numbers.get(0).intValue(), Duration.ZERO));
            case "ratePerMinute/2" ->
                    Optional.of(
                            new Use.Rate(role, numbers.get(0).intValue(), seconds(numbers.get(1))));
            case "idle/2" ->
                    Optional.of(new Use.Idle(role, numbers.get(0), seconds(numbers.get(1) * 60)));
            default -> {
                wrong(tree, call, function + " doesn't take " + numbers.size() + " numbers");
                yield Optional.empty();
            }
        };
    }

    private Optional<String> complaint(String function, Role role, List<Double> numbers) {
        boolean isNumber = role.type() == Role.Type.NUMBER;
        return switch (function) {
            case "age" ->
                    votes && part != Part.WHILE
                            ? Optional.of("silence is no evidence: a vote can't be made of age")
                            : Optional.empty();
            case "ratePerMinute" ->
                    !isNumber
                            ? Optional.of(role + " is no number, so it has no rate")
                            : !numbers.isEmpty() && numbers.getFirst() < 2
                                    ? Optional.of("a rate needs 2 measurements or more")
                                    : Optional.empty();
            case "overPeers" ->
                    !isNumber
                            ? Optional.of(role + " is no number, so it has no median")
                            : role.of() != of
                                    ? Optional.of(
                                            "only a role of the " + word(of) + " itself has peers")
                                    : Optional.empty();
            case "idle" ->
                    role != Role.RACK_CURRENT
                            ? Optional.of(
                                    "idle is told by rack.current, as only a rack's capacity is known")
                            : Optional.empty();
            default ->
                    role.type() != Role.Type.FLAG
                            ? Optional.of(role + " is no flag, so it can't be set")
                            : part != Part.WHILE
                                    ? Optional.of(
                                            function
                                                    + " has an answer for what was never heard, so it can"
                                                    + " only hold back, in 'while'")
                                    : Optional.empty();
        };
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000));
    }

    /** Keeps a comparison of something measured with a limit, for the evidence. */
    private void measure(
            CelAbstractSyntaxTree tree, CelExpr left, String comparison, CelExpr right) {
        if (number(right).isEmpty()) {
            return;
        }
        String said = unparsed(tree, left);
        CelValidationResult checked = NUMBERS.compile(said);
        if (!checked.hasError()) {
            String limit = comparison + " " + Wording.number(number(right).get());
            measures.add(new Measure(said, unit(left).orElse(""), limit, tree(checked)));
        }
    }

    /** The unit of a sum or difference, of a role, or of what our functions make of one. */
    private static Optional<String> unit(CelExpr expression) {
        return switch (expression.getKind()) {
            case IDENT, SELECT -> role(name(expression)).map(Role::unit);
            case CALL -> unitOfCall(expression.call());
            default -> Optional.empty();
        };
    }

    private static Optional<String> unitOfCall(CelExpr.CelCall call) {
        return switch (call.function()) {
            case "_+_", "_-_" ->
                    unit(call.args().get(0))
                            .filter(
                                    unit ->
                                            unit(call.args().get(1))
                                                    .filter(unit::equals)
                                                    .isPresent());
            case "-_" -> unit(call.args().getFirst());
            case "age" -> Optional.of("s");
            case "overPeers" -> difference(call);
            case "ratePerMinute" -> difference(call).map(unit -> unit + "/min");
            default -> Optional.empty();
        };
    }

    private static Optional<String> difference(CelExpr.CelCall call) {
        return role(call.args().getFirst().constant().stringValue())
                .map(role -> role.unit().equals("°C") ? "K" : role.unit());
    }

    static String word(Role.Of of) {
        return switch (of) {
            case ROOM -> "room";
            case RACK -> "rack";
            case MODULE -> "module";
            case BUSBAR -> "busbar";
            case UPS -> "UPS";
            case BREAKER -> "breaker";
        };
    }

    private static Map<String, Role> roles() {
        Map<String, Role> roles = new LinkedHashMap<>();
        Arrays.stream(Role.values()).forEach(role -> roles.put(role.text(), role));
        return roles;
    }

    private static Map<String, String> comparisons() {
        Map<String, String> comparisons = new LinkedHashMap<>();
        List.of("<", "<=", ">", ">=").forEach(sign -> comparisons.put("_" + sign + "_", sign));
        return comparisons;
    }

    private static CelCompiler compiler(CelType result) {
        var builder =
                CelCompilerFactory.standardCelCompilerBuilder()
                        .setOptions(OPTIONS)
                        .setResultType(result)
                        .addFunctionDeclarations(
                                function("age", SimpleType.DOUBLE),
                                function("overPeers", SimpleType.DOUBLE),
                                function("anySet", SimpleType.BOOL),
                                CelFunctionDecl.newFunctionDeclaration(
                                        "allClearSince",
                                        CelOverloadDecl.newGlobalOverload(
                                                "allClearSince",
                                                SimpleType.BOOL,
                                                SimpleType.STRING,
                                                SimpleType.STRING,
                                                SimpleType.INT)),
                                CelFunctionDecl.newFunctionDeclaration(
                                        "idle",
                                        CelOverloadDecl.newGlobalOverload(
                                                "idle",
                                                SimpleType.BOOL,
                                                SimpleType.STRING,
                                                SimpleType.DOUBLE,
                                                SimpleType.INT)),
                                CelFunctionDecl.newFunctionDeclaration(
                                        "ratePerMinute",
                                        CelOverloadDecl.newGlobalOverload(
                                                "rate",
                                                SimpleType.DOUBLE,
                                                SimpleType.STRING,
                                                SimpleType.INT),
                                        CelOverloadDecl.newGlobalOverload(
                                                "rate_over_span",
                                                SimpleType.DOUBLE,
                                                SimpleType.STRING,
                                                SimpleType.INT,
                                                SimpleType.INT)));
        ROLES.values().forEach(role -> builder.addVar(role.text(), type(role)));
        return builder.build();
    }

    private static CelFunctionDecl function(String name, CelType result) {
        return CelFunctionDecl.newFunctionDeclaration(
                name, CelOverloadDecl.newGlobalOverload(name, result, SimpleType.STRING));
    }

    private static CelType type(Role role) {
        return switch (role.type()) {
            case NUMBER -> SimpleType.DOUBLE;
            case FLAG -> SimpleType.BOOL;
            case POSITION -> SimpleType.STRING;
        };
    }
}
