package dev.bulkhead.agent;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of a command that tells a running agent to do something. */
@SuppressWarnings("FieldCanBeFinal") // The command line sets them.
final class OrderOptions {
    @Mixin private final AgentOption agent = new AgentOption();

    @Option(names = "--by", required = true, paramLabel = "NAME", description = "Who you are.")
    private String by = "";

    @Option(
            names = "--why",
            required = true,
            paramLabel = "TEXT",
            description = "Your reason, for the record.")
    private String why = "";

    AgentOption agent() {
        return agent;
    }

    String by() {
        return by;
    }

    String why() {
        return why;
    }
}
