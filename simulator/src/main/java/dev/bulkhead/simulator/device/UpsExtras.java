package dev.bulkhead.simulator.device;

import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.BatteryString;
import dev.bulkhead.rules.site.Busbar;
import dev.bulkhead.rules.site.Device;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import dev.bulkhead.rules.site.Ups;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * What makers' UPS answer besides what their register maps here have: the registers that others'
 * programs ask for. From the sources of those maps, which are the register facts in NUT's drivers.
 * Charge and time left are the plant's; mains, output and temperatures are nominal, and nothing
 * where the plant has no mains or the output is dead.
 */
final class UpsExtras {
    private static final int NONE = 0xFFFF;
    private static final int NOMINAL_VOLTS = 230;
    private static final int NOMINAL_HERTZ = 50;
    private static final long DAY_SECONDS = 86_400;

    /** What one holding register shows. */
    interface Showing {
        int word(UpsExtras ups, Instant now);
    }

    private final Truth truth;
    private final Site site;
    private final Ups ups;

    private UpsExtras(Truth truth, Site site, Ups ups) {
        this.truth = truth;
        this.site = site;
        this.ups = ups;
    }

    /** The UPS a device is of, if it is of one. */
    static Optional<UpsExtras> of(Site site, Device device, Truth truth) {
        return Place.node(device)
                .map(site.ups()::get)
                .map(found -> new UpsExtras(truth, site, found));
    }

    /** The registers, by address, of a device with this register map. */
    static SequencedMap<Integer, Showing> registers(String profile) {
        return switch (profile) {
            case "socomec-ups" -> socomec();
            case "huawei-ups2000" -> huawei();
            case "adelsystem-cbi" -> adelsystem();
            default -> new TreeMap<>();
        };
    }

    private static SequencedMap<Integer, Showing> socomec() {
        var all = new TreeMap<Integer, Showing>();
        blank(all, 0x1008, 4);
        blank(all, 0x1025, 1);
        blank(all, 0x10E0, 32);
        all.put(0x1001, (ups, _) -> word(ups.ups.ratedWatts() / 100));
        for (int phase = 0; phase < 3; phase++) {
            all.put(0x1060 + phase, (ups, _) -> word(ups.number(Role.UPS_LOAD_PERCENT)));
            all.put(0x1066 + phase, (ups, _) -> ups.ifMains(NOMINAL_VOLTS));
            all.put(0x1069 + phase, (ups, _) -> ups.ifOn(NOMINAL_VOLTS));
            all.put(0x106F + phase, (_, _) -> NONE);
        }
        all.put(0x1064, (ups, _) -> word(ups.charge()));
        all.put(0x1065, (ups, _) -> word(ups.ampereHours() * 10));
        all.put(0x1072, (ups, _) -> ups.ifMains(10 * NOMINAL_HERTZ));
        all.put(0x1073, (ups, _) -> ups.ifOn(10 * NOMINAL_HERTZ));
        all.put(0x1076, (_, _) -> NONE);
        all.put(0x1077, (ups, _) -> ups.isOnBattery() ? word(ups.secondsLeft() / 60.0) : NONE);
        // What it is made for: not what is there now.
        all.put(0x10E0, (_, _) -> NOMINAL_VOLTS);
        all.put(0x10E1, (_, _) -> NOMINAL_VOLTS);
        all.put(0x10E2, (_, _) -> NOMINAL_HERTZ);
        all.put(0x10E3, (_, _) -> NOMINAL_HERTZ);
        all.put(0x10E8, (ups, _) -> word(ups.ampereHours() * 10));
        all.put(0x10E9, (ups, _) -> ups.cells());
        all.put(0x1360, (_, now) -> utc(now).getMinute() << 8 | utc(now).getSecond());
        all.put(0x1361, (_, now) -> utc(now).getDayOfMonth() << 8 | utc(now).getHour());
        all.put(0x1362, (_, now) -> utc(now).getMonthValue() << 8);
        all.put(0x1363, (_, now) -> utc(now).getYear() - 2000);
        return all;
    }

    private static SequencedMap<Integer, Showing> huawei() {
        var all = new TreeMap<Integer, Showing>();
        blank(all, 11044, 6);
        all.put(11000, (ups, _) -> ups.ifMains(10 * NOMINAL_VOLTS));
        all.put(11003, (ups, _) -> ups.ifMains(10 * NOMINAL_HERTZ));
        all.put(11004, (ups, _) -> ups.ifMains(10 * NOMINAL_VOLTS));
        all.put(11007, (ups, _) -> ups.ifMains(10 * NOMINAL_HERTZ));
        all.put(11008, (ups, _) -> ups.ifOn(10 * NOMINAL_VOLTS));
        all.put(11011, (ups, _) -> word(10 * ups.watts() / NOMINAL_VOLTS));
        all.put(11014, (ups, _) -> ups.ifOn(10 * NOMINAL_HERTZ));
        all.put(11015, (ups, _) -> word(ups.watts() / 100));
        all.put(11018, (ups, _) -> word(ups.watts() / 100));
        all.put(11027, (_, _) -> 250);
        // 2 resting, 3 charging, 5 discharging
        all.put(12002, (ups, _) -> ups.isOnBattery() ? 5 : ups.isFull() ? 2 : 3);
        all.put(12003, (ups, _) -> word(ups.charge()));
        all.put(12004, (ups, _) -> (int) (ups.secondsLeft() >> 16));
        all.put(12005, (ups, _) -> (int) (ups.secondsLeft() & 0xFFFF));
        all.put(12007, (_, _) -> 1);
        all.put(12033, (ups, _) -> word(ups.ampereHours()));
        all.put(19009, (ups, _) -> word(ups.ups.ratedWatts() / 100));
        return all;
    }

    private static SequencedMap<Integer, Showing> adelsystem() {
        var all = new TreeMap<Integer, Showing>();
        // 0 none, 2 bulk, 4 float
        all.put(4, (ups, _) -> ups.isOnBattery() ? 0 : ups.isFull() ? 4 : 2);
        all.put(10, (ups, _) -> ups.ifOn(word(1000 * ups.number(Role.UPS_BATTERY_VOLTAGE))));
        all.put(
                19,
                (ups, _) ->
                        word(
                                1000
                                        * ups.watts()
                                        / Math.max(1, ups.number(Role.UPS_BATTERY_VOLTAGE))));
        all.put(20, (_, _) -> 100);
        all.put(22, (ups, _) -> word(10 * ups.charge()));
        all.put(25, (_, _) -> 298);
        all.put(28, (_, _) -> 303);
        all.put(29, (ups, _) -> ups.ifMains(NOMINAL_VOLTS));
        all.put(103, (ups, _) -> word(ups.secondsLeft() / 60.0));
        return all;
    }

    private static void blank(SequencedMap<Integer, Showing> all, int address, int count) {
        for (int at = address; at < address + count; at++) {
            all.put(at, (_, _) -> 0);
        }
    }

    /**
     * The answer's body to function 0x2B, if a device with this register map has one: a Huawei
     * UPS2000 names itself by its list of devices (EDOC1000110696, as in NUT's driver).
     *
     * @param asked what follows the function code
     */
    static Optional<byte[]> identification(Device device, ByteBuffer asked) {
        byte[] list = {0x0E, 0x03, (byte) 0x87};
        if (!device.profile().value().equals("huawei-ups2000")
                || !asked.equals(ByteBuffer.wrap(list))) {
            return Optional.empty();
        }
        byte[] words =
                "1=UPS2000;2=simulated;3=simulated;4=%s;5=1;6=1"
                        .formatted(device.id())
                        .getBytes(StandardCharsets.US_ASCII);
        byte[] head = {0x0E, 0x03, 0x03, 0x00, 0x00, 0x02, (byte) 0x87, 4, 0, 0, 0, 1, (byte) 0x88};
        return Optional.of(
                ByteBuffer.allocate(head.length + 1 + words.length)
                        .put(head)
                        .put((byte) words.length)
                        .put(words)
                        .array());
    }

    private static ZonedDateTime utc(Instant now) {
        return now.atZone(ZoneOffset.UTC);
    }

    /** As near as a register without sign holds it, below what says "no value". */
    private static int word(double number) {
        return (int) Math.round(Math.clamp(number, 0, NONE - 1.0));
    }

    private boolean flag(Role role) {
        return truth.sense(role, new Subject.OfNode(ups.id())) instanceof Value.Flag(boolean isSet)
                && isSet;
    }

    private double number(Role role) {
        return number(role, ups.id());
    }

    private double number(Role role, NodeId of) {
        return truth.sense(role, new Subject.OfNode(of)) instanceof Value.Quantity(double number)
                ? number
                : 0;
    }

    private int ifMains(int word) {
        return flag(Role.UPS_RECTIFIER_INPUT) ? word : 0;
    }

    private int ifOn(int word) {
        return flag(Role.UPS_LOAD_ON_INVERTER) || flag(Role.UPS_ON_BYPASS) ? word : 0;
    }

    private boolean isOnBattery() {
        return flag(Role.UPS_ON_BATTERY);
    }

    private double watts() {
        return ups.ratedWatts() * number(Role.UPS_LOAD_PERCENT) / 100;
    }

    private List<Busbar> busbars() {
        return site.busbars().values().stream()
                .filter(busbar -> busbar.ups().equals(ups.id()))
                .toList();
    }

    private List<BatteryString> strings() {
        return site.strings().values().stream()
                .filter(
                        string ->
                                Site.known(site.busbars(), string.busbar()).ups().equals(ups.id()))
                .toList();
    }

    private double ampereHours() {
        return strings().stream().mapToDouble(BatteryString::ampereHours).sum();
    }

    private int cells() {
        return strings().stream().mapToInt(BatteryString::cells).findFirst().orElse(0);
    }

    private double charge() {
        return busbars().stream()
                .mapToDouble(busbar -> number(Role.BANK_STATE_OF_CHARGE, busbar.id()))
                .average()
                .orElse(0);
    }

    private boolean isFull() {
        return charge() >= 90;
    }

    /** At the current that flows now; a day where none does. */
    private long secondsLeft() {
        double amperes = -number(Role.UPS_BATTERY_CURRENT);
        double seconds = ampereHours() * charge() / 100 / Math.max(amperes, 1e-3) * 3600;
        return Math.round(Math.min(seconds, DAY_SECONDS));
    }
}
