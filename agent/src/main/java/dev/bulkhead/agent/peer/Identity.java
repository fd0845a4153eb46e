package dev.bulkhead.agent.peer;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/**
 * Who we are to a server that asks for a certificate.
 *
 * @param certificate in PEM, with those that vouch for it behind it
 * @param key its private key, in PEM as PKCS #8 and not encrypted
 */
public record Identity(Path certificate, Path key) {
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.+?)-----END \\1-----", Pattern.DOTALL);

    private static final String PKCS8 = "PRIVATE KEY";
    private static final String CERTIFICATE = "CERTIFICATE";

    // Of a store in memory that nobody else sees.
    private static final char[] NO_PASSWORD = {};

    /** The certificate, and what proves that it is ours. */
    public record Proving(X509Certificate certificate, List<KeyManager> managers) {
        public Proving {
            managers = List.copyOf(managers);
        }
    }

    /**
     * Reads them as they are now.
     *
     * @throws IOException in words for the person who mends the files
     */
    public Proving read() throws IOException {
        List<X509Certificate> chain = chain();
        PrivateKey secret = secret(chain.getFirst().getPublicKey());
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setKeyEntry("own", secret, NO_PASSWORD, chain.toArray(Certificate[]::new));
            var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, NO_PASSWORD);
            return new Proving(chain.getFirst(), List.of(factory.getKeyManagers()));
        } catch (GeneralSecurityException broken) {
            throw new IOException(
                    "%s and %s can't be used: %s".formatted(certificate, key, broken.getMessage()),
                    broken);
        }
    }

    private List<X509Certificate> chain() throws IOException {
        String text = text("certificate", certificate);
        List<String> kinds = kinds(text);
        if (!kinds.isEmpty() && !kinds.contains(CERTIFICATE)) {
            throw new IOException(
                    "%s holds '%s'; a '%s' was expected"
                            .formatted(certificate, kinds.getLast(), CERTIFICATE));
        }
        try (InputStream pem =
                new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1))) {
            List<X509Certificate> chain =
                    CertificateFactory.getInstance("X.509").generateCertificates(pem).stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (!chain.isEmpty()) {
                return chain;
            }
        } catch (GeneralSecurityException broken) {
            throw new IOException(
                    "no certificate can be read from %s: %s"
                            .formatted(certificate, broken.getMessage()),
                    broken);
        }
        throw new IOException("there is no certificate in " + certificate);
    }

    private static String text(String what, Path file) throws IOException {
        try {
            return new String(SmallFile.read(file), StandardCharsets.ISO_8859_1);
        } catch (IOException unreadable) {
            throw new IOException("the %s in %s can't be read".formatted(what, file), unreadable);
        }
    }

    private static List<String> kinds(String text) {
        return PEM.matcher(text).results().map(found -> found.group(1)).toList();
    }

    private PrivateKey secret(PublicKey of) throws IOException {
        // openssl writes the parameters of a curve before an old key.
        Matcher pem = PEM.matcher(text("key", key));
        String kind = "";
        while (pem.find()) {
            kind = pem.group(1);
            if (kind.equals(PKCS8)) {
                return secret(pem.group(2), of);
            }
        }
        throw new IOException(
                kind.isEmpty()
                        ? "there is no key in PEM in " + key
                        : "%s holds '%s'; a plain '%s' was expected, as written by openssl pkcs8 -topk8 -nocrypt"
                                .formatted(key, kind, PKCS8));
    }

    private PrivateKey secret(String base64, PublicKey of) throws IOException {
        try {
            byte[] bytes = Base64.getMimeDecoder().decode(base64);
            PrivateKey secret =
                    KeyFactory.getInstance(of.getAlgorithm())
                            .generatePrivate(new PKCS8EncodedKeySpec(bytes));
            if (!isPair(secret, of)) {
                throw new IOException("%s is not the key of %s".formatted(key, certificate));
            }
            return secret;
        } catch (GeneralSecurityException | IllegalArgumentException broken) {
            // What it says could quote the key.
            throw new IOException("%s is not the key of %s".formatted(key, certificate));
        }
    }

    private static boolean isPair(PrivateKey secret, PublicKey known)
            throws GeneralSecurityException {
        String algorithm =
                switch (known.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> known.getAlgorithm();
                };
        byte[] text = "ours".getBytes(StandardCharsets.US_ASCII);
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(secret);
        signature.update(text);
        byte[] signed = signature.sign();
        signature.initVerify(known);
        signature.update(text);
        return signature.verify(signed);
    }
}
