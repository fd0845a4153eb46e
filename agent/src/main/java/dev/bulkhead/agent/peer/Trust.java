package dev.bulkhead.agent.peer;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Certificates, in PEM, of those who may vouch for a server. */
public record Trust(Path file) {
    /** A context that believes only these, and who believes them. */
    public record Believing(SSLContext context, X509TrustManager manager) {}

    /**
     * Reads them as they are now.
     *
     * @throws IOException in words for the person who mends the file
     */
    public Believing read() throws IOException {
        return read(List.of());
    }

    /**
     * The same, for a server that wants to know who we are.
     *
     * @throws IOException in words for the person who mends the file
     */
    public Believing read(List<KeyManager> own) throws IOException {
        try (InputStream pem = new ByteArrayInputStream(SmallFile.read(file))) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int count = 0;
            for (Certificate one :
                    CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                store.setCertificateEntry(Integer.toString(count++), one);
            }
            if (count == 0) {
                throw new IOException("there is no certificate in " + file);
            }
            var factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            TrustManager[] managers = factory.getTrustManagers();
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own.toArray(KeyManager[]::new), managers, null);
            return new Believing(
                    context,
                    Arrays.stream(managers)
                            .filter(X509TrustManager.class::isInstance)
                            .map(X509TrustManager.class::cast)
                            .findFirst()
                            .orElseThrow());
        } catch (GeneralSecurityException broken) {
            throw new IOException(
                    "no certificates can be read from " + file + ": " + broken.getMessage(),
                    broken);
        } catch (IOException unreadable) {
            throw new IOException("the certificates in " + file + " can't be read", unreadable);
        }
    }
}
