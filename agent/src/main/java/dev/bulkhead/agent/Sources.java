package dev.bulkhead.agent;

import dev.bulkhead.rules.condition.Condition;
import dev.bulkhead.rules.condition.ConditionId;
import dev.bulkhead.rules.condition.Pack;
import dev.bulkhead.rules.condition.PackFile;
import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.profile.ProfileFile;
import dev.bulkhead.rules.site.Document;
import dev.bulkhead.rules.site.Problem;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.SiteFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the files people write, and gathers the problems of all of them. */
final class Sources {
    private static final String BUILT_IN = "/dev/bulkhead/rules/";
    private static final String PACK = "packs/battery-room.yaml";

    /** Found in a file that may be no YAML otherwise. */
    private static final Pattern PROFILE = Pattern.compile("(?m)^profile:[ ]*([A-Za-z0-9_-]+)");

    private final List<Problem> problems = new ArrayList<>();
    private final Set<ProfileId> wrongProfiles = new HashSet<>();

    /** A text and the name it has in messages. */
    private record Source(String name, String text) {}

    /** The value, if there is one and nothing was wrong with any file. */
    <T> Document.Parsed<T> result(Optional<T> value) {
        return problems.isEmpty()
                ? new Document.Parsed<>(value, List.of())
                : new Document.Parsed<>(Optional.empty(), problems);
    }

    /** Takes a file's value or its problems over. */
    <T> Optional<T> take(Document.Parsed<T> parsed) {
        problems.addAll(parsed.problems());
        return parsed.value();
    }

    /** The keys at the top of a file; none if it can't be read. */
    static Set<String> keys(Path file) {
        return new Sources()
                .text(file)
                .flatMap(
                        text ->
                                Document.parse(
                                                file.toString(),
                                                text,
                                                top -> Set.copyOf(top.entries().keySet()))
                                        .value())
                .orElse(Set.of());
    }

    /** A file's text; that there is none is a problem of that file. */
    Optional<String> text(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException failed) {
            problems.add(new Problem(file.toString(), 1, 1, "can't be read: " + reason(failed)));
            return Optional.empty();
        }
    }

    private static String reason(IOException failed) {
        return switch (failed) {
            case NoSuchFileException _ -> "no such file";
            case AccessDeniedException _ -> "this user may not";
            case MalformedInputException _ -> "it is no UTF-8 text";
            case IOException other -> String.valueOf(other.getMessage());
        };
    }

    /** A site; also nothing if it names a register map that is there and wrong. */
    Optional<Site> site(Path file, Map<ProfileId, Profile> profiles) {
        return text(file)
                .flatMap(
                        text ->
                                take(
                                        SiteFile.parse(
                                                file.toString(),
                                                text,
                                                profiles,
                                                wrongProfiles,
                                                new LinkFiles(file))))
                .filter(
                        site ->
                                site.devices().values().stream()
                                        .noneMatch(it -> wrongProfiles.contains(it.profile())));
    }

    /** A register map by itself. */
    static Document.Parsed<Profile> profile(Path file) {
        var sources = new Sources();
        return sources.result(
                sources.text(file)
                        .flatMap(text -> sources.take(ProfileFile.parse(file.toString(), text))));
    }

    /** The register maps that come with the program, and those of these folders. */
    SequencedMap<ProfileId, Profile> profiles(List<Path> folders) {
        List<Source> sources = new ArrayList<>();
        for (String name : builtIn("profiles/index.txt").lines().toList()) {
            if (!name.isBlank()) {
                sources.add(new Source(name.strip(), builtIn("profiles/" + name.strip())));
            }
        }
        sources.addAll(yaml(folders));
        SequencedMap<ProfileId, Profile> profiles = new LinkedHashMap<>();
        Map<ProfileId, String> from = new HashMap<>();
        for (Source source : sources) {
            parsed(source, ProfileFile::parse)
                    .ifPresentOrElse(
                            profile -> {
                                isFirst(from, profile.id(), source, "profile");
                                profiles.putIfAbsent(profile.id(), profile);
                            },
                            () ->
                                    PROFILE.matcher(source.text)
                                            .results()
                                            .map(found -> new ProfileId(found.group(1)))
                                            .forEach(wrongProfiles::add));
        }
        return profiles;
    }

    /** The pack that comes with the program, and those of these folders. */
    List<Pack> packs(List<Path> folders) {
        List<Source> sources = new ArrayList<>(List.of(new Source(PACK, builtIn(PACK))));
        sources.addAll(yaml(folders));
        List<Pack> packs = new ArrayList<>();
        Map<ConditionId, String> from = new HashMap<>();
        for (Source source : sources) {
            parsed(source, PackFile::parse)
                    .ifPresent(
                            pack -> {
                                for (Condition condition : pack.conditions()) {
                                    isFirst(from, condition.id(), source, "condition");
                                }
                                packs.add(pack);
                            });
        }
        return packs;
    }

    private <T> Optional<T> parsed(
            Source source, BiFunction<String, String, Document.Parsed<T>> parser) {
        return take(parser.apply(source.name, source.text));
    }

    /** A second thing of the same name would silently stand in for the first. */
    private <K> void isFirst(Map<K, String> from, K id, Source source, String what) {
        String first = from.putIfAbsent(id, source.name);
        if (first != null) {
            problems.add(
                    new Problem(
                            source.name,
                            1,
                            1,
                            "there is already a " + what + " '" + id + "', in " + first));
        }
    }

    /** The YAML files of folders, in the order of their names. */
    private List<Source> yaml(List<Path> folders) {
        List<Source> sources = new ArrayList<>();
        for (Path folder : folders) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".yaml")).sorted().toList()) {
                    text(file).ifPresent(text -> sources.add(new Source(file.toString(), text)));
                }
            } catch (IOException failed) {
                problems.add(
                        new Problem(folder.toString(), 1, 1, "can't be read: " + reason(failed)));
            }
        }
        return sources;
    }

    private static String builtIn(String name) {
        try (InputStream stream = Sources.class.getResourceAsStream(BUILT_IN + name)) {
            if (stream == null) {
                throw new IllegalStateException("the program lacks its own " + BUILT_IN + name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
