package dev.bulkhead.agent.peer;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.jspecify.annotations.Nullable;

/** Why a server can't be reached, in the words of a person who has to mend it. */
public final class Reasons {
    private Reasons() {}

    public static String of(Throwable failure) {
        Throwable cause = failure;
        String words = words(cause);
        while (words.isEmpty() && cause.getCause() != null) {
            cause = cause.getCause();
            words = words(cause);
        }
        return words.isEmpty()
                ? Optional.ofNullable(cause.getMessage()).orElse(cause.getClass().getSimpleName())
                : words;
    }

    /** Empty if its cause says more. */
    private static String words(Throwable cause) {
        return switch (cause) {
            case CertPathBuilderException _ ->
                    "its certificate is vouched for by nobody that is trusted; see 'trust'";
            case CertificateException wrong when wrong.getCause() == null ->
                    "its certificate is wrong: " + wrong.getMessage();
            case SSLPeerUnverifiedException wrong ->
                    "its certificate is wrong: " + firstLine(wrong.getMessage());
            case SSLException tls when tls.getCause() == null -> "TLS failed: " + tls.getMessage();
            case UnknownHostException unknown -> "no such host: " + unknown.getMessage();
            case ConnectException _ -> "nobody listens there (connection refused)";
            case SocketTimeoutException _ -> "no answer in time";
            case NoSuchFileException _ -> "there is no such file";
            case AccessDeniedException _ -> "this user may not read it";
            case MqttException mqtt -> words(mqtt);
            case SSLException _ -> "";
            case EOFException _ -> "the other side closed it";
            case IOException plain when plain.getCause() != null && plain.getMessage() != null ->
                    plain.getMessage() + " (" + of(plain.getCause()) + ")";
            default -> "";
        };
    }

    /** What follows are the certificate's details. */
    private static String firstLine(@Nullable String text) {
        return String.valueOf(text).lines().findFirst().orElse("").replaceFirst(":$", "");
    }

    private static String words(MqttException mqtt) {
        return switch (mqtt.getReasonCode()) {
            // Brokers give the one or the other for a wrong password.
            case MqttException.REASON_CODE_FAILED_AUTHENTICATION,
                    MqttException.REASON_CODE_NOT_AUTHORIZED ->
                    "user or password is refused";
            case MqttException.REASON_CODE_INVALID_CLIENT_ID -> "the client id is refused";
            case MqttException.REASON_CODE_CLIENT_TIMEOUT -> "no answer in time";
            default -> mqtt.getCause() == null ? String.valueOf(mqtt.getMessage()) : "";
        };
    }
}
