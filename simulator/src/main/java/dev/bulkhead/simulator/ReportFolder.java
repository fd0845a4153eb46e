package dev.bulkhead.simulator;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Where a report goes: wanted before anything is played, since a play may take hours. */
final class ReportFolder {
    private ReportFolder() {}

    /**
     * Makes it if it is absent, and sees whether a file can be written there.
     *
     * @throws ParameterException if not
     */
    static void make(CommandSpec spec, Path folder) {
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, ".report", ""));
        } catch (IOException refused) {
            throw new ParameterException(
                    spec.commandLine(), "--report " + folder + " " + reason(folder, refused));
        }
    }

    private static String reason(Path folder, IOException refused) {
        return switch (refused) {
            case FileAlreadyExistsException _ ->
                    Files.isRegularFile(folder) ? "is a file" : "is no folder";
            case NoSuchFileException _ -> "can't be written: no folder can be made there";
            default -> "can't be written: " + reason(refused);
        };
    }

    /** Why something can't be written. */
    static String reason(IOException refused) {
        return switch (refused) {
            case AccessDeniedException _ -> "permission denied";
            case NoSuchFileException _ -> "there is no such folder";
            case FileSystemException other ->
                    Optional.ofNullable(other.getReason()).orElse(other.toString());
            default -> refused.toString();
        };
    }
}
