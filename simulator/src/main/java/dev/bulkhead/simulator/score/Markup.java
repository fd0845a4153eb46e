package dev.bulkhead.simulator.score;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;

/** Text on its way into a page: whatever a file or a device said, it stays text. */
final class Markup {
    private Markup() {}

    /**
     * The head of a page. Nothing may be fetched and no script run but the film's, whatever text
     * ends up in the page.
     */
    static String head(String title) {
        return """
               <!DOCTYPE html>
               <html lang="en">
               <head>
               <meta charset="utf-8"/>
               <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src '%s'"/>
               <meta name="viewport" content="width=device-width, initial-scale=1"/>
               <meta name="color-scheme" content="light dark"/>
               <title>%s</title>
               <style>
               %s</style>
               </head>
               """
                .formatted(hash(filmScript()), escaped(title), resource("report.css"));
    }

    /** The one script a page may run. */
    static String filmScript() {
        return resource("film.js");
    }

    /** What a Content-Security-Policy names a script by (CSP level 3, section 2.3.1). */
    private static String hash(String script) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(script.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    private static String resource(String name) {
        try (InputStream file =
                Objects.requireNonNull(Markup.class.getResourceAsStream(name), name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Safe between tags and inside quoted attributes. */
    static String escaped(String text) {
        var safe = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(point -> append(safe, point));
        return safe.toString();
    }

    private static void append(StringBuilder safe, int point) {
        switch (point) {
            case '&' -> safe.append("&amp;");
            case '<' -> safe.append("&lt;");
            case '>' -> safe.append("&gt;");
            case '"' -> safe.append("&quot;");
            case '\'' -> safe.append("&#39;");
            default -> safe.appendCodePoint(isCharacter(point) ? point : 0xFFFD);
        }
    }

    /** What XML 1.0, section 2.2, lets a document contain. */
    private static boolean isCharacter(int point) {
        return point == '\t'
                || point == '\n'
                || point == '\r'
                || (point >= 0x20 && point <= 0xD7FF)
                || (point >= 0xE000 && point <= 0xFFFD)
                || point >= 0x10000;
    }
}
