package dev.bulkhead.agent;

import dev.bulkhead.agent.bridge.BridgeSettings;
import dev.bulkhead.rules.condition.Pack;
import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.site.Document;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Site;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code bulkhead check}: are these files right, and what do they say? */
record CheckCommand(Terminal terminal) {

    int check(Path file) {
        if (BridgeFile.isOne(file)) {
            return terminal.valueOf(BridgeFile.load(file))
                    .map(this::tell)
                    .orElse(Terminal.CONFIGURATION);
        }
        if (Sources.keys(file).contains("profile")) {
            return terminal.valueOf(Sources.profile(file))
                    .map(this::tell)
                    .orElse(Terminal.CONFIGURATION);
        }
        Optional<Facility> facility;
        if (AgentFile.isOne(file)) {
            var configuration = terminal.valueOf(AgentFile.load(file));
            facility = configuration.map(AgentFile.Configuration::facility);
            facility.ifPresent(this::tell);
            configuration.map(AgentFile.Configuration::settings).ifPresent(this::tell);
        } else {
            Document.Parsed<Facility> parsed = Facility.load(file);
            facility = terminal.valueOf(parsed);
            facility.ifPresent(this::tell);
        }
        return facility.isPresent() ? Terminal.DONE : Terminal.CONFIGURATION;
    }

    private int tell(Profile profile) {
        terminal.say(
                "register map %s (%s): %d requests, if all of it is wanted"
                        .formatted(profile.id(), profile.title(), profile.blocks().size()));
        terminal.say(
                "Devices may name it by an agent.yaml whose 'profiles' names its folder: check that file.");
        return Terminal.DONE;
    }

    private int tell(BridgeSettings bridge) {
        terminal.say(
                "bridge from "
                        + bridge.broker().url()
                        + " to "
                        + bridge.store().name()
                        + bridge.share().map(group -> ", one of the group " + group).orElse(""));
        return Terminal.DONE;
    }

    private void tell(Facility facility) {
        Site site = facility.site();
        terminal.say("site " + site.name());
        terminal.say(
                "  "
                        + site.rooms().size()
                        + " rooms, "
                        + site.batteryRooms().size()
                        + " of them battery rooms; "
                        + site.strings().size()
                        + " strings, "
                        + site.ups().size()
                        + " UPS, "
                        + site.breakers().size()
                        + " breakers, "
                        + site.servers()
                        + " servers");
        terminal.say(
                "  "
                        + site.gateways().size()
                        + " gateways, "
                        + site.devices().size()
                        + " devices, "
                        + facility.signals().size()
                        + " signals, "
                        + facility.packs().stream().map(Pack::conditions).mapToInt(List::size).sum()
                        + " conditions");
        for (RoomId room : site.batteryRooms()) {
            terminal.say(
                    "  battery room "
                            + room
                            + ": "
                            + site.boundaryOf(room).size()
                            + " DC breakers");
        }
    }

    private void tell(AgentSettings settings) {
        settings.endpoints()
                .ifPresent(
                        file ->
                                terminal.say(
                                        "gateways in "
                                                + file
                                                + " are reached there, over plain Modbus TCP"));
        terminal.say(
                settings.armed().isEmpty()
                        ? "no breaker is armed: the agent advises"
                        : settings.armed().size() + " breakers are armed for automatic opening");
        terminal.say(
                settings.telemetry()
                        .map(
                                to ->
                                        "samples go to "
                                                + to.broker().url()
                                                + " by way of "
                                                + to.spool())
                        .orElse("no telemetry: samples go nowhere"));
    }
}
