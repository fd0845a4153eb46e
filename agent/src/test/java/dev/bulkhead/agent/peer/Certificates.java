package dev.bulkhead.agent.peer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Certificates that vouch for themselves, made by the JDK's own tool while a test runs. */
public final class Certificates {
    private static final String PASSWORD = "changeit";

    /**
     * A server's side of one, and the other's.
     *
     * @param trust the certificate in PEM
     */
    public record Made(SSLContext server, Path trust) {}

    private Certificates() {}

    /**
     * Makes one.
     *
     * @param names whom it is for, as in {@code dns:localhost}
     */
    public static Made made(Path folder, String alias, String names)
            throws IOException, GeneralSecurityException, InterruptedException {
        Path store = folder.resolve(alias + ".p12");
        keytool(
                List.of(
                        "-genkeypair",
                        "-alias",
                        alias,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + alias,
                        "-ext",
                        "san=" + names,
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD,
                        "-storetype",
                        "PKCS12"));
        Path pem = folder.resolve(alias + ".pem");
        keytool(
                List.of(
                        "-exportcert",
                        "-rfc",
                        "-alias",
                        alias,
                        "-file",
                        pem.toString(),
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD));
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream stream = Files.newInputStream(store)) {
            keys.load(stream, PASSWORD.toCharArray());
        }
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return new Made(context, pem);
    }

    private static void keytool(List<String> arguments) throws IOException, InterruptedException {
        var command =
                new ArrayList<String>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin/keytool")
                                        .toString()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(said);
        }
    }
}
