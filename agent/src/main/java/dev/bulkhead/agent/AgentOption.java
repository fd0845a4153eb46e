package dev.bulkhead.agent;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that says which running agent is asked. */
@SuppressWarnings("FieldCanBeFinal") // The command line sets it.
final class AgentOption {
    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "The agent.yaml.")
    private Path file = Path.of("agent.yaml");

    Path file() {
        return file;
    }
}
