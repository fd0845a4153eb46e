package dev.bulkhead.rules.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.rules.TestSites;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A wrong site file must be found out before a breaker depends on it. */
final class SiteFileTest {
    private static final String MISTAKEN =
            """
            site: mistaken
            halls: [H1, H1]
            rooms:
              - {id: A1, title: Battery room, staysLive: [fan]}
              - {id: A1, title: Battery room again}
              - {id: UPS.1, title: UPS room}
              - {id: UPS1, titel: UPS room}
              - {id: B1, title: Battery room in no zone}
            zones:
              - {id: Z1, title: Zone, rooms: [A1, A2], crossedBy: [F-9]}
              - {id: Z2, title: Zone, rooms: [A1]}
            supplies:
              - {id: UTILITY, kind: utillity, kilowatts: 1000}
            buses:
              - {id: MV, kind: switchboard, room: UPS1, kilowatts: -3}
              - {id: PDU, kind: pdu, room: UPS1, kilowatts: 500}
            ups:
              - {id: U1, room: UPS2, kilowatts: 500}
              - {id: U2, room: UPS1, kilowatts: 500}
            feeders:
              - {id: F-1, from: UTILITY, to: MV, breaker: Q1, amperes: 100}
              - {id: F-2, from: MV, to: U1, breaker: Q1, amperes: 100}
              - {id: F-3, from: BB1, to: PDU, amperes: 100}
              - {id: F-4, from: PDU, to: PDU, breaker: QS1, amperes: 100}
            loads:
              - {id: L1, hall: H2, racks: 1.5, serversPerRack: 10, wattsPerServer: 333, cords: [PDU, PDU]}
              - {id: L2, hall: H1, racks: 1, serversPerRack: 10, wattsPerServer: 333, cords: [PDX]}
              - {id: L3, hall: H1, racks: 1, serversPerRack: 10, wattsPerServer: 333, cords: []}
            busbars:
              - {id: BB1, room: A1, ups: U1, outer: QB1}
              - {id: BB2, room: A1, ups: U1, outer: QB1}
              - {id: BB3, room: B1, ups: U2}
            strings:
              - {id: S1, busbar: BB1, breaker: QS1, place: 1, modules: 17, cellsPerModule: 8, ampereHours: 67}
              - {id: S2, busbar: BB1, breaker: QB1, place: 1, modules: 17, cellsPerModule: 8, ampereHours: 67}
              - {id: S3, busbar: BB3, breaker: QS3, place: 1, modules: 101, cellsPerModule: 8, ampereHours: many, cells: lead}
            breakers:
              - {id: QB1, duty: outer, room: UPS1, operation: remote, amperes: 4000}
              - {id: QS1, duty: string, room: A1, operation: remote, position: no, amperes: 630}
              - {id: QS3, duty: string, room: A1, operation: remote, position: false, amperes: 630}
              - {id: QS4, duty: string, room: A1, operation: by-hand, amperes: 630}
              - {id: Q1, duty: feeder, room: UPS1, operation: by-hand, amperes: 630}
            gateways:
              - {id: g1, host: 127.0.0.1, port: 15020}
              - {id: g2, host: 127.0.0.1, port: 15020}
            devices:
              - {id: d1, profile: sunspec-string, gateway: g1, unit: 1, of: S1}
              - {id: d2, profile: sunspec-string, gateway: g1, unit: 1, of: S3, index: 2}
              - {id: d3, profile: sunspec-string, gateway: g3, unit: 248, of: A1, index: 2}
              - {id: d4, profile: sunspec-strin, gateway: g1, unit: 4, of: A1, index: 2}
              - {id: d5, profile: faast-smoke, gateway: g1, unit: 5, index: 1}
              - {id: d6, profile: breaker-panel, gateway: g1, unit: 6, index: 1, members: [QB1, QB1, S1]}
              - {id: d7, profile: breaker-panel, gateway: g1, unit: 7, index: 2}
              - id: d8
                profile: analog-8
                gateway: g1
                unit: 8
                index: 1
                of: A1
                wires:
                  - {terminal: ai1, role: busbar.voltage, of: BB1}
                  - {terminal: ai2, role: busbar.voltage, of: BB1, span: [800, 0]}
                  - {terminal: ai2, role: busbar.voltage, of: A1, span: [0, 800]}
                  - {terminal: ai9, role: busbar.volts, of: BB1, span: [0, 800]}
                  - {terminal: ai3, role: room.heat, of: A1, span: [0, 1], inverted: true}
              - id: d9
                profile: contact-panel-32
                gateway: g1
                unit: 9
                index: 1
                wires:
                  - {terminal: di1, role: room.heat, of: A1, span: [0, 1]}
                  - {terminal: di1, role: room.heat, of: A1}
                  - {terminal: di2, role: module.temperature, of: S1}
                  - {terminal: di3, role: room.heat}
            """;

    @Test
    void allMistakesAreFoundAtOnceEachWithItsPlace() {
        var parsed = SiteFile.parse("site.yaml", MISTAKEN, TestSites.profiles());

        assertTrue(parsed.value().isEmpty());
        assertEquals(
                """
                site.yaml:2:13: 'H1' is already a hall
                site.yaml:5:10: 'A1' is already a room
                site.yaml:6:10: 'UPS.1' is no name; expected letters, digits, '-' and '_'
                site.yaml:7:5: 'title' is missing
                site.yaml:7:16: unknown key 'titel'; did you mean 'title'?
                site.yaml:10:39: 'A2' is unknown; expected a room; did you mean 'A1'?
                site.yaml:10:56: 'F-9' is unknown; expected a feeder; did you mean 'F-1'?
                site.yaml:11:35: 'A1' is already in use by 'Z1'
                site.yaml:13:25: kind is 'utillity'; expected one of utility, generator; did you mean 'utility'?
                site.yaml:15:56: kilowatts is -3; expected 0.001 to 1000000
                site.yaml:18:20: 'UPS2' is unknown; expected a room; did you mean 'UPS1'?
                site.yaml:19:10: no feeder leads to 'U2'
                site.yaml:22:42: breaker 'Q1' already separates feeder F-1
                site.yaml:23:21: 'BB1' is a busbar; expected a supply or a bus or a UPS
                site.yaml:24:30: the feeder leads from 'PDU' to itself
                site.yaml:24:44: breaker 'QS1' has duty string; expected feeder or main
                site.yaml:24:44: breaker 'QS1' already separates string S1
                site.yaml:26:20: 'H2' is unknown; expected a hall; did you mean 'H1'?
                site.yaml:26:31: racks is 1.5; a whole number was expected
                site.yaml:26:90: two cords on 'PDU' are one
                site.yaml:27:83: 'PDX' is unknown; expected a bus or a UPS; did you mean 'PDU'?
                site.yaml:28:82: cords is empty; a load has at least one
                site.yaml:31:10: busbar 'BB2' has no battery string
                site.yaml:31:41: breaker 'QB1' already separates busbar BB1
                site.yaml:32:5: 'outer' is missing
                site.yaml:32:21: battery room 'B1' is in no fire zone
                site.yaml:35:36: breaker 'QB1' has duty outer; expected string
                site.yaml:35:36: breaker 'QB1' already separates busbar BB1
                site.yaml:35:48: 'place 1' is already in use by 'S1'
                site.yaml:36:97: ampereHours is 'many'; a number was expected
                site.yaml:36:110: cells is 'lead'; expected one of lithium-ion, lead-acid
                site.yaml:39:68: position is 'no'; true or false was expected
                site.yaml:39:68: a remote breaker has a position that can be read
                site.yaml:40:68: a remote breaker has a position that can be read
                site.yaml:41:10: breaker 'QS4' separates nothing
                site.yaml:45:37: '127.0.0.1:15020' is already in use by 'g1'
                site.yaml:47:5: 'index' is missing; sunspec-string proves itself by its number
                site.yaml:48:58: unit 1 of 'g1' is already device 'd1'
                site.yaml:48:65: 'S3' has 101 modules; sunspec-string has 70
                site.yaml:49:48: 'g3' is unknown; expected a gateway; did you mean 'g1'?
                site.yaml:49:58: unit is 248; expected 1 to 247
                site.yaml:49:67: 'A1' is a room; expected a battery string
                site.yaml:49:78: index 2 is already that of device 'd2'
                site.yaml:50:23: 'sunspec-strin' is unknown; expected a profile; did you mean 'sunspec-string'?
                site.yaml:51:5: 'of' is missing; expected a room
                site.yaml:51:65: faast-smoke has no register for its number
                site.yaml:52:85: 'QB1' is already a member of device 'd6'
                site.yaml:52:90: 'S1' is a battery string; expected a breaker
                site.yaml:53:5: 0 members; expected 1 to 18
                site.yaml:59:9: no point of analog-8 has a role: leave 'of' out and say it by wires, or give a point a role
                site.yaml:61:9: 'span' is missing; expected what 4 mA and 20 mA mean
                site.yaml:62:62: span is empty; expected the value at 4 mA below that at 20 mA
                site.yaml:63:20: terminal 'ai2' is wired twice
                site.yaml:63:51: 'A1' is a room; expected a busbar
                site.yaml:64:20: analog-8 has no terminal 'ai9'; did you mean 'ai1'?
                site.yaml:64:31: there is no role 'busbar.volts'; did you mean 'busbar.voltage'?
                site.yaml:65:31: terminal 'ai3' can't say room.heat, which is a yes or no
                site.yaml:65:74: only a contact can be inverted
                site.yaml:72:56: only a current loop has a span
                site.yaml:73:20: terminal 'di1' is wired twice
                site.yaml:74:31: terminal 'di2' can't say module.temperature, which is a number
                site.yaml:74:55: a module is known by its string's register map only
                site.yaml:75:9: 'of' is missing
                """,
                String.join("\n", parsed.lines()) + "\n");
    }

    @Test
    void cellsAreLithiumUnlessTheSiteSaysLead() {
        String text =
                TestSites.siteText("two-rooms")
                        .replaceFirst("cellsPerModule: 8", "cellsPerModule: 8, cells: lead-acid");
        Site site = SiteFile.parse("site.yaml", text, TestSites.profiles()).orElseThrow();
        var strings = List.copyOf(site.strings().values());

        assertEquals(1.67 * 136, strings.getFirst().emptyVolts(), 1e-9);
        assertEquals(2.4375 * 136, strings.getFirst().fullVolts(), 1e-9);
        assertEquals(408, strings.getLast().emptyVolts(), 1e-9);
        assertEquals(571.2, strings.getLast().fullVolts(), 1e-9);
    }

    /** A unit that can't be read is nobody's: that it is another device's would be false. */
    @Test
    void aWrongUnitIsNoOtherDevices() {
        String devices =
                """
                  - {id: x1, profile: faast-smoke, gateway: g1, unit: 300, of: A1}
                  - {id: x2, profile: faast-smoke, gateway: g1, units: 4, of: A1}
                  - {id: x3, profile: faast-smoke, gateway: g1, unit: 1, of: A1}
                """;
        String text = MISTAKEN.substring(0, MISTAKEN.indexOf("  - {id: d1")) + devices;
        List<String> lines = SiteFile.parse("site.yaml", text, TestSites.profiles()).lines();
        assertEquals(
                List.of(
                        "site.yaml:47:55: unit is 300; expected 1 to 247",
                        "site.yaml:48:5: 'unit' is missing",
                        "site.yaml:48:49: unknown key 'units'; did you mean 'unit'?"),
                lines.stream().filter(line -> line.matches("site.yaml:4[7-9]:.*")).toList(),
                () -> String.join("\n", lines));
    }

    @Test
    void ofARegisterMapThatNobodyKnowsItIsSaidWhereTheyAre() {
        String text = MISTAKEN.replace("sunspec-strin,", "acme-ups,");
        List<String> lines = SiteFile.parse("site.yaml", text, TestSites.profiles()).lines();
        assertTrue(
                lines.contains(
                        "site.yaml:50:23: 'acme-ups' is unknown; expected a profile: of the"
                                + " program's own, in docs/reference/profiles.md, or of a folder"
                                + " that the agent.yaml names as 'profiles'"),
                () -> String.join("\n", lines));
    }

    @Test
    void aWrongIndexOrPlaceIsNoOthers() {
        String text =
                TestSites.siteText("two-rooms")
                        .replace("of: A1-S02, index: 2", "of: A1-S02, index: two")
                        .replace("of: A1-S03, index: 3", "of: A1-S03, index: 70000")
                        .replace("breaker: QS-A1-02, place: 2", "breaker: QS-A1-02, place: 0");
        assertEquals(
                List.of(
                        "place is 0; expected 1 to 10000",
                        "index is 'two'; a number was expected",
                        "index is 70000; expected 1 to 65534"),
                SiteFile.parse("s", text, TestSites.profiles()).problems().stream()
                        .map(Problem::what)
                        .toList());
    }

    @Test
    void anEmptyFileNamesEverySectionItLacks() {
        var parsed = SiteFile.parse("site.yaml", "site: empty\n", TestSites.profiles());

        assertEquals(
                List.of(
                        "halls",
                        "rooms",
                        "breakers",
                        "supplies",
                        "buses",
                        "ups",
                        "busbars",
                        "strings",
                        "feeders",
                        "loads",
                        "zones"),
                parsed.problems().stream()
                        .map(problem -> problem.what().split("'", -1)[1])
                        .toList());
    }
}
