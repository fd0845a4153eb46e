package dev.bulkhead.simulator;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.site.Document;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.Problem;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.SiteFile;
import dev.bulkhead.simulator.device.Serving;
import dev.bulkhead.simulator.device.SimulatedGateway;
import dev.bulkhead.simulator.plant.Plant;
import dev.bulkhead.simulator.plant.PlantFile;
import dev.bulkhead.simulator.plant.PlantSettings;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;

/** A facility as its files have it: what is documented, and how the real plant behaves. */
public record Facility(
        Site site, SequencedMap<ProfileId, Profile> profiles, PlantSettings settings) {
    public Facility {
        profiles = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(profiles));
    }

    /** Reads a plant's file and the {@code site.yaml} beside it. */
    public static Document.Parsed<Facility> read(Path plantFile) {
        Document.Parsed<String> plantText = text(plantFile);
        Optional<Problem> other = otherKind(plantFile, plantText.value());
        if (other.isPresent()) {
            return wrong(List.of(), other.stream().toList());
        }
        Document.Parsed<Site> site = site(plantFile);
        if (site.value().isEmpty() || plantText.value().isEmpty()) {
            return wrong(site.problems(), plantText.problems());
        }
        Document.Parsed<PlantSettings> settings =
                PlantFile.parse(plantFile.toString(), plantText.orElseThrow(), site.orElseThrow());
        return new Document.Parsed<>(
                settings.value()
                        .map(
                                found ->
                                        new Facility(
                                                site.orElseThrow(), ShippedProfiles.all(), found)),
                settings.problems());
    }

    /** That it is no plant's file; empty too where it is none that could be read at all. */
    private static Optional<Problem> otherKind(Path file, Optional<String> text) {
        String kind =
                Files.isDirectory(file)
                        ? "a folder"
                        : text.flatMap(found -> keys(file, found)).map(Facility::kind).orElse("");
        return Optional.of(kind)
                .filter(it -> !it.isEmpty())
                .map(it -> problem(file, "this is " + it + "; a plant.yaml was expected"));
    }

    private static Optional<Set<String>> keys(Path file, String text) {
        return Document.parse(file.toString(), text, top -> Set.copyOf(top.entries().keySet()))
                .value();
    }

    /** What a file is by its keys; empty if it may be a plant's. */
    private static String kind(Set<String> keys) {
        if (keys.contains("timeline")) {
            return "a scenario";
        }
        if (keys.contains("plant") || !keys.contains("site")) {
            return "";
        }
        return keys.contains("gateways") ? "a site.yaml" : "an agent.yaml";
    }

    /** Reads the {@code site.yaml} beside a plant's file. */
    public static Document.Parsed<Site> site(Path plantFile) {
        Path file = plantFile.resolveSibling("site.yaml");
        Document.Parsed<String> text = text(file);
        return text.value()
                .map(found -> SiteFile.parse(file.toString(), found, ShippedProfiles.all()))
                .orElseGet(() -> new Document.Parsed<>(Optional.empty(), text.problems()));
    }

    private static Document.Parsed<Facility> wrong(List<Problem> site, List<Problem> plant) {
        return new Document.Parsed<>(
                Optional.empty(), Stream.concat(site.stream(), plant.stream()).toList());
    }

    /** The text of a file, or why it can't be read. */
    public static Document.Parsed<String> text(Path file) {
        try {
            return new Document.Parsed<>(Optional.of(Files.readString(file)), List.of());
        } catch (NoSuchFileException _) {
            return unread(file, "there is no such file");
        } catch (CharacterCodingException _) {
            return unread(file, "this is no text in UTF-8");
        } catch (IOException unreadable) {
            return unread(file, "can't be read: " + unreadable.getMessage());
        }
    }

    private static Document.Parsed<String> unread(Path file, String why) {
        return new Document.Parsed<>(Optional.empty(), List.of(problem(file, why)));
    }

    private static Problem problem(Path file, String why) {
        return new Problem(file.toString(), 1, 1, why);
    }

    /** The gateways of this facility over a plant of it. */
    public SequencedMap<GatewayId, SimulatedGateway> gateways(Plant plant) {
        return Serving.gateways(
                site, profiles, new PlantTruth(plant), settings.deviations()::standingAt);
    }
}
