package dev.bulkhead.agent;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** What is said of a wrong command line. */
public final class Usage {
    private Usage() {}

    /** Says what is wrong with it, and how it is used; returns the exit code. */
    public static int explain(ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(wrong.getMessage());
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err)) {
            say(command);
        }
        return Terminal.USAGE;
    }

    /** In few lines, so that the mistake itself stays in sight; with all commands if one lacks. */
    static void say(CommandLine command) {
        if (!command.getSubcommands().isEmpty()) {
            command.usage(command.getErr());
            return;
        }
        CommandLine.Help help = command.getHelp();
        command.getErr()
                .print(help.synopsisHeading() + help.synopsis(help.synopsisHeadingLength()));
        command.getErr()
                .println(
                        "'%s --help' says more."
                                .formatted(command.getCommandSpec().qualifiedName()));
    }
}
