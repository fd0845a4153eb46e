package dev.bulkhead.agent.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** The command line's end of the control socket. */
public final class ControlClient {
    private ControlClient() {}

    /** Asks a running agent one thing; that there is none is a refusal too. */
    public static Reply ask(Path socket, Request request) {
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            var line = ByteBuffer.wrap(Wire.line(request));
            while (line.hasRemaining()) {
                channel.write(line);
            }
            return Wire.reply(readLine(channel));
        } catch (IOException failed) {
            return new Reply.Refused(
                    "no agent answers at %s (%s); does one run with this file?"
                            .formatted(socket, failed.getMessage()));
        } catch (Wire.Malformed strange) {
            return new Reply.Refused(
                    "what listens at " + socket + " answers strangely: " + strange.getMessage());
        }
    }

    private static String readLine(SocketChannel channel) throws IOException {
        var line = new ByteArrayOutputStream();
        var buffer = ByteBuffer.allocate(64 << 10);
        while (channel.read(buffer) >= 0) {
            line.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
        String text = line.toString(UTF_8);
        if (!text.endsWith("\n")) {
            throw new IOException("it hung up");
        }
        return text;
    }
}
