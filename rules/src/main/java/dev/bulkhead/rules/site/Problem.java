package dev.bulkhead.rules.site;

/**
 * A mistake in a file a person wrote, with its place.
 *
 * @param line from 1
 * @param column from 1
 */
public record Problem(String file, int line, int column, String what)
        implements Comparable<Problem> {
    @Override
    public int compareTo(Problem other) {
        int byFile = file.compareTo(other.file);
        int byLine = byFile != 0 ? byFile : Integer.compare(line, other.line);
        return byLine != 0 ? byLine : Integer.compare(column, other.column);
    }

    @Override
    public String toString() {
        return file + ":" + line + ":" + column + ": " + what;
    }
}
