package dev.bulkhead.rules.site;

import java.util.Optional;

/** The files that a site's file names, for which somebody else has to look. */
public interface NamedFiles {
    /** Takes every name as it stands and every file as right. */
    NamedFiles UNSEEN =
            new NamedFiles() {
                @Override
                public String path(String name) {
                    return name;
                }

                @Override
                public Optional<String> objection(Link.Tls link) {
                    return Optional.empty();
                }
            };

    /** Where a file is that the site's file calls so. */
    String path(String name);

    /** What is wrong with the files of a link, in words for the person who mends them. */
    Optional<String> objection(Link.Tls link);
}
