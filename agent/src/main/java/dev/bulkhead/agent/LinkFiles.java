package dev.bulkhead.agent;

import dev.bulkhead.agent.modbus.Credentials;
import dev.bulkhead.agent.peer.Reasons;
import dev.bulkhead.rules.site.Link;
import dev.bulkhead.rules.site.NamedFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The files that a site's file names: relative to it, and looked at before anything is started. */
record LinkFiles(Path site) implements NamedFiles {
    @Override
    public String path(String name) {
        return site.resolveSibling(name).toString();
    }

    @Override
    public Optional<String> objection(Link.Tls link) {
        try {
            Credentials.of(link).read();
            return Optional.empty();
        } catch (IOException wrong) {
            return Optional.of(Reasons.of(wrong));
        }
    }
}
