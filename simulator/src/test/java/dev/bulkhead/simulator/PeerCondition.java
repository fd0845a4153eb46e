package dev.bulkhead.simulator;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** What {@link NeedsPeer} does: skips without the peer, or fails where peers are required. */
final class PeerCondition implements ExecutionCondition, BeforeEachCallback {
    private final Map<String, String> environment;

    PeerCondition() {
        this(System.getenv());
    }

    PeerCondition(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return evaluate(needed(context));
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        demand(needed(context));
    }

    ConditionEvaluationResult evaluate(List<String> peers) {
        List<String> missing = missing(peers);
        return missing.isEmpty() || areRequired()
                ? ConditionEvaluationResult.enabled("")
                : ConditionEvaluationResult.disabled(
                        "peer "
                                + String.join(", ", missing)
                                + " is not installed: make test PEERS=install");
    }

    void demand(List<String> peers) {
        List<String> missing = missing(peers);
        if (areRequired() && !missing.isEmpty()) {
            throw new AssertionError(
                    "peer "
                            + String.join(", ", missing)
                            + " is not installed, and BULKHEAD_PEERS says it must be");
        }
    }

    private static List<String> needed(ExtensionContext context) {
        return Stream.of(context.getElement(), context.getTestClass())
                .flatMap(
                        element ->
                                AnnotationSupport.findAnnotation(element, NeedsPeer.class).stream())
                .flatMap(needs -> Arrays.stream(needs.value()))
                .distinct()
                .toList();
    }

    private boolean areRequired() {
        return "required".equals(environment.get("BULKHEAD_PEERS"));
    }

    private List<String> missing(List<String> peers) {
        return peers.stream().filter(peer -> !isInstalled(peer)).toList();
    }

    private boolean isInstalled(String peer) {
        if (Path.of(peer).isAbsolute()) {
            return Files.exists(Path.of(peer));
        }
        return Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .filter(folder -> !folder.isEmpty())
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, peer)));
    }
}
