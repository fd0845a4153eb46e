package dev.bulkhead.agent.peer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Certificates that vouch for themselves, made by the JDK's own tool while a test runs. */
public final class Certificates {
    private static final String PASSWORD = "changeit";

    /**
     * A server's side of one, and the other's.
     *
     * @param trust the certificate in PEM
     * @param key its key in PEM
     */
    public record Made(SSLContext server, Path trust, Path key, KeyManagers managers) {
        /** The server's side where it asks who the other one is. */
        public SSLContext server(Optional<Path> trusted)
                throws IOException, GeneralSecurityException {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    managers.get(), trusted.isPresent() ? trusting(trusted.get()) : null, null);
            return context;
        }

        private static TrustManager[] trusting(Path pem)
                throws IOException, GeneralSecurityException {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            try (InputStream stream = Files.newInputStream(pem)) {
                store.setCertificateEntry(
                        "one", CertificateFactory.getInstance("X.509").generateCertificate(stream));
            }
            var factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory.getTrustManagers();
        }
    }

    /** What proves a certificate to be one's own. */
    public interface KeyManagers {
        KeyManager[] get();
    }

    /** The role of a client of Modbus/TCP Security. */
    private static final String ROLE = "1.3.6.1.4.1.50316.802.1";

    private Certificates() {}

    /**
     * Makes one.
     *
     * @param names whom it is for, as in {@code dns:localhost}
     */
    public static Made made(Path folder, String alias, String names)
            throws IOException, GeneralSecurityException, InterruptedException {
        return made(folder, alias, names, List.of());
    }

    /** Makes one of a client of Modbus/TCP Security. */
    public static Made made(Path folder, String alias, String names, String role)
            throws IOException, GeneralSecurityException, InterruptedException {
        byte[] text = role.getBytes(StandardCharsets.UTF_8);
        String extension =
                "%s=0C:%02X:%s"
                        .formatted(
                                ROLE,
                                text.length,
                                HexFormat.ofDelimiter(":").withUpperCase().formatHex(text));
        return made(folder, alias, names, List.of("-ext", extension));
    }

    private static Made made(Path folder, String alias, String names, List<String> more)
            throws IOException, GeneralSecurityException, InterruptedException {
        Path store = folder.resolve(alias + ".p12");
        var generate =
                new ArrayList<>(
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
        generate.addAll(more);
        keytool(generate);
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
        Path key = folder.resolve(alias + ".key");
        byte[] encoded = keys.getKey(alias, PASSWORD.toCharArray()).getEncoded();
        Files.writeString(
                key,
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder().encodeToString(encoded)
                        + "\n-----END PRIVATE KEY-----\n");
        return new Made(context, pem, key, factory::getKeyManagers);
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
