package dev.bulkhead.agent.modbus;

import dev.bulkhead.agent.peer.Identity;
import dev.bulkhead.agent.peer.Trust;
import dev.bulkhead.rules.site.Link;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * What a link of Modbus/TCP Security is secured with. The role of a client stands in its own
 * certificate, and the device decides by it what the client may do; all there is to do on this side
 * is to find a certificate with the wrong role before the device refuses what is needed.
 */
public record Credentials(Trust trust, Optional<Identity> own, Optional<String> role) {
    /** The extension with the role: MODBUS/TCP Security Protocol Specification v2.1. */
    static final String ROLE = "1.3.6.1.4.1.50316.802.1";

    private static final byte OCTET_STRING = 0x04;
    private static final byte UTF8_STRING = 0x0C;

    public static Credentials of(Link.Tls link) {
        return new Credentials(
                new Trust(Path.of(link.trust())),
                link.own().map(it -> new Identity(Path.of(it.certificate()), Path.of(it.key()))),
                link.own().flatMap(Link.Tls.Own::role));
    }

    /**
     * Reads the files as they are now.
     *
     * @throws IOException in words for the person who mends them
     */
    public SSLContext read() throws IOException {
        if (own.isEmpty()) {
            return trust.read().context();
        }
        Identity.Proving proving = own.get().read();
        checkRole(proving.certificate());
        return trust.read(proving.managers()).context();
    }

    private void checkRole(X509Certificate certificate) throws IOException {
        Optional<String> there = role(certificate);
        if (role.isPresent() && !there.equals(role)) {
            throw new IOException(
                    "the certificate in %s has %s; expected the role '%s'"
                            .formatted(
                                    own.map(Identity::certificate).orElseThrow(),
                                    there.map(one -> "the role '" + one + "'").orElse("no role"),
                                    role.get()));
        }
    }

    /** The role a certificate gives, if it gives one that can be read. */
    static Optional<String> role(X509Certificate certificate) {
        byte[] extension = certificate.getExtensionValue(ROLE);
        return extension == null
                ? Optional.empty()
                : content(ByteBuffer.wrap(extension), OCTET_STRING)
                        .flatMap(inner -> content(inner, UTF8_STRING))
                        .map(text -> StandardCharsets.UTF_8.decode(text).toString());
    }

    /** What an ASN.1 element holds, if it is all there is, of this type and under 128 bytes. */
    private static Optional<ByteBuffer> content(ByteBuffer element, byte type) {
        return element.remaining() >= 2
                        && element.get() == type
                        && element.get() == element.remaining()
                ? Optional.of(element.slice())
                : Optional.empty();
    }
}
