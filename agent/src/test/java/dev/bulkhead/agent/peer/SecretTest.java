package dev.bulkhead.agent.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SecretTest {
    @TempDir private Path folder;

    private Secret secret() {
        return new Secret(folder.resolve("token"));
    }

    private void write(String text) throws IOException {
        Files.writeString(secret().file(), text);
    }

    /** Editors end a file with a line end; a broker would refuse the password for it. */
    @Test
    void theLineEndIsNoPartOfIt() throws IOException {
        write("se cret\r\n");
        assertEquals("se cret", secret().read());
    }

    @Test
    void itIsReadAnewEachTime() throws IOException {
        Secret secret = secret();
        write("old");
        assertEquals("old", secret.read());
        write("new");
        assertEquals("new", secret.read());
    }

    @Test
    void aFileThatIsMissingOrEmptyIsSaidByItsName() throws IOException {
        var missing = assertThrows(IOException.class, () -> secret().read());
        assertEquals(
                "the secret in " + secret().file() + " can't be read (there is no such file)",
                Reasons.of(missing));
        write(" \n");
        var empty = assertThrows(IOException.class, () -> secret().read());
        assertEquals("the secret in " + secret().file() + " is empty", Reasons.of(empty));
    }

    /** As /dev/zero has none, by which a check of the configuration would never end. */
    @Test
    @Timeout(60)
    void aFileWithoutAnEndIsNoSecretAndNoCertificate() {
        Path endless = Path.of("/dev/zero");
        var secret = assertThrows(IOException.class, () -> new Secret(endless).read());
        assertEquals(
                "the secret in /dev/zero can't be read (it has more than 1048576 bytes)",
                Reasons.of(secret));
        var trust = assertThrows(IOException.class, () -> new Trust(endless).read());
        assertEquals(
                "the certificates in /dev/zero can't be read (it has more than 1048576 bytes)",
                Reasons.of(trust));
    }

    /** Settings are logged; secrets must not be. */
    @Test
    void whatItIsStandsInNoLog() throws IOException {
        write("hunter2");
        assertEquals("hunter2", secret().read());
        assertFalse(secret().toString().contains("hunter2"));
    }
}
