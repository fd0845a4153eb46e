package dev.bulkhead.simulator.device;

import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.site.BatteryString;
import dev.bulkhead.rules.site.Device;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * The registers of a SunSpec device before anything is measured: mark, model headers and lengths,
 * nameplate, scale factors, and in every point the device doesn't implement that point's own "no
 * value". From the models of github.com/sunspec/models, commit 7abdf8982d53.
 */
final class SunSpecMap {
    private static final Layout COMMON =
            Layout.of("ID:u L:u Mn:t16 Md:t16 Opt:t8 Vr:t8 SN:t16 DA:u Pad:s");

    private static final Layout BASE =
            Layout.of(
                    """
                    ID:u L:u AHRtg:u WHRtg:u WChaRteMax:u WDisChaRteMax:u DisChaRte:u SoCMax:u
                    SoCMin:u SocRsvMax:u SoCRsvMin:u SoC:u DoD:u SoH:u NCyc:w ChaSt:u LocRemCtl:u
                    Hb:u CtrlHb:u AlmRst:u Typ:u State:u StateVnd:u WarrDt:w Evt1:w Evt2:w EvtVnd1:w
                    EvtVnd2:w V:u VMax:u VMin:u CellVMax:u CellVMaxStr:u CellVMaxMod:u CellVMin:u
                    CellVMinStr:u CellVMinMod:u CellVAvg:u A:s AChaMax:u ADisChaMax:u W:s
                    ReqInvState:u ReqW:s SetOp:u SetInvState:u AHRtg_SF:s WHRtg_SF:s
                    WChaDisChaMax_SF:s DisChaRte_SF:s SoC_SF:s DoD_SF:s SoH_SF:s V_SF:s CellV_SF:s
                    A_SF:s AMax_SF:s W_SF:s
                    """);

    private static final Layout BANK =
            Layout.of(
                    """
                    ID:u L:u NStr:u NStrCon:u ModTmpMax:s ModTmpMaxStr:u ModTmpMaxMod:u ModTmpMin:s
                    ModTmpMinStr:u ModTmpMinMod:u ModTmpAvg:s StrVMax:u StrVMaxStr:u StrVMin:u
                    StrVMinStr:u StrVAvg:u StrAMax:s StrAMaxStr:u StrAMin:s StrAMinStr:u StrAAvg:s
                    NCellBal:u CellV_SF:s ModTmp_SF:s A_SF:s SoH_SF:s SoC_SF:s V_SF:s
                    """);

    private static final Layout STRING_OF_BANK =
            Layout.of(
                    """
                    StrNMod:u StrSt:w StrConFail:u StrSoC:u StrSoH:u StrA:s StrCellVMax:u
                    StrCellVMaxMod:u StrCellVMin:u StrCellVMinMod:u StrCellVAvg:u StrModTmpMax:s
                    StrModTmpMaxMod:u StrModTmpMin:s StrModTmpMinMod:u StrModTmpAvg:s StrDisRsn:u
                    StrConSt:w StrEvt1:w StrEvt2:w StrEvtVnd1:w StrEvtVnd2:w StrSetEna:u
                    StrSetCon:u Pad1:s Pad2:s
                    """);

    private static final Layout STRING =
            Layout.of(
                    """
                    ID:u L:u Idx:u NMod:u St:w ConFail:u NCellBal:u SoC:u DoD:u NCyc:w SoH:u A:s V:u
                    CellVMax:u CellVMaxMod:u CellVMin:u CellVMinMod:u CellVAvg:u ModTmpMax:s
                    ModTmpMaxMod:u ModTmpMin:s ModTmpMinMod:u ModTmpAvg:s Pad1:s ConSt:w Evt1:w
                    Evt2:w EvtVnd1:w EvtVnd2:w SetEna:u SetCon:u SoC_SF:s SoH_SF:s DoD_SF:s A_SF:s
                    V_SF:s CellV_SF:s ModTmp_SF:s Pad2:s Pad3:s Pad4:s
                    """);

    private static final Layout MODULE_OF_STRING =
            Layout.of(
                    """
                    ModNCell:u ModSoC:u ModSoH:u ModCellVMax:u ModCellVMaxCell:u ModCellVMin:u
                    ModCellVMinCell:u ModCellVAvg:u ModCellTmpMax:s ModCellTmpMaxCell:u
                    ModCellTmpMin:s ModCellTmpMinCell:u ModCellTmpAvg:s Pad1:s Pad2:s Pad3:s
                    """);

    private static final Layout MODULE =
            Layout.of(
                    """
                    ID:u L:u StrIdx:u ModIdx:u NCell:u SoC:u DoD:u SoH:u NCyc:w V:u CellVMax:u
                    CellVMaxCell:u CellVMin:u CellVMinCell:u CellVAvg:u CellTmpMax:s
                    CellTmpMaxCell:u CellTmpMin:s CellTmpMinCell:u CellTmpAvg:s NCellBal:u SN:t16
                    SoC_SF:s SoH_SF:s DoD_SF:s V_SF:s CellV_SF:s Tmp_SF:s
                    """);

    private static final Layout CELL_OF_MODULE = Layout.of("CellV:u CellTmp:s CellSt:w");

    /**
     * What a device may do otherwise than its register map's addresses suggest.
     *
     * @param base of the mark
     * @param before lengths of vendor models before model 1
     * @param between lengths of vendor models after it
     * @param modules of a string, if not as many as it has
     */
    record Shape(int base, List<Integer> before, List<Integer> between, OptionalInt modules) {
        static final Shape PLAIN = new Shape(40000, List.of(), List.of(), OptionalInt.empty());

        Shape {
            before = List.copyOf(before);
            between = List.copyOf(between);
        }
    }

    /** Where a register is, and how many there are from there to the end of its model. */
    record Part(int address, int left) {}

    private record Begun(int id, int address) {}

    /** SunSpec leaves IDs from 64001 on to vendors. */
    private static final int VENDOR = 64001;

    private final Shape shape;
    private final List<int[]> parts = new ArrayList<>();
    private final List<Begun> begun = new ArrayList<>();

    private SunSpecMap(Shape shape) {
        this.shape = shape;
    }

    /** Models 1 and 804. */
    static SunSpecMap ofString(Device device, BatteryString string, Shape shape) {
        var map = new SunSpecMap(shape);
        map.begin(device, "battery string");
        int modules = shape.modules().orElse(string.modules());
        int[] fixed = map.begin(STRING, 804, 46 + MODULE_OF_STRING.length() * modules);
        device.index().ifPresent(index -> STRING.put(fixed, "Idx", index));
        STRING.put(fixed, "NMod", modules);
        STRING.put(fixed, "St", 1);
        STRING.put(fixed, "Evt1", 0);
        STRING.put(fixed, "SoC_SF", -1);
        STRING.put(fixed, "A_SF", -1);
        STRING.put(fixed, "V_SF", -1);
        STRING.put(fixed, "CellV_SF", -3);
        STRING.put(fixed, "ModTmp_SF", -1);
        for (int module = 0; module < modules; module++) {
            MODULE_OF_STRING.put(map.add(MODULE_OF_STRING), "ModNCell", string.cellsPerModule());
        }
        return map.finish();
    }

    private static boolean isLead(BatteryString string) {
        return string.kind() == BatteryString.CellKind.LEAD_ACID;
    }

    /** For the nameplate: of lithium 254.5 Wh from 67 Ah (Samsung SDI's sheet for U6A4). */
    private static double nominalVolts(BatteryString string) {
        return string.cells() * (isLead(string) ? 2.0 : 3.8);
    }

    /** Models 1, 802 and 803. Its current reaches thousands of amperes, hence A_SF 0 and W_SF 2. */
    static SunSpecMap ofBank(Device device, List<BatteryString> strings, Shape shape) {
        var map = new SunSpecMap(shape);
        map.begin(device, "battery bank");
        double ampereHours = strings.stream().mapToDouble(BatteryString::ampereHours).sum();
        double wattHours =
                strings.stream().mapToDouble(each -> each.ampereHours() * nominalVolts(each)).sum();
        int[] base = map.begin(BASE, 802, BASE.length() - 2);
        BASE.put(base, "AHRtg", Math.round(ampereHours));
        BASE.put(base, "WHRtg", Math.round(wattHours / 100));
        // Local: it takes no command over Modbus.
        BASE.put(base, "LocRemCtl", 1);
        BASE.put(base, "AlmRst", 0);
        BASE.put(base, "Typ", strings.stream().allMatch(SunSpecMap::isLead) ? 1 : 4);
        for (String events : List.of("Evt1", "Evt2", "EvtVnd1", "EvtVnd2")) {
            BASE.put(base, events, 0);
        }
        BASE.put(base, "AHRtg_SF", 0);
        BASE.put(base, "WHRtg_SF", 2);
        BASE.put(base, "WChaDisChaMax_SF", 2);
        BASE.put(base, "SoC_SF", -1);
        BASE.put(base, "V_SF", -1);
        BASE.put(base, "CellV_SF", -3);
        BASE.put(base, "A_SF", 0);
        BASE.put(base, "AMax_SF", 0);
        BASE.put(base, "W_SF", 2);
        int length = BANK.length() - 2 + STRING_OF_BANK.length() * strings.size();
        int[] bank = map.begin(BANK, 803, length);
        BANK.put(bank, "NStr", strings.size());
        BANK.put(bank, "CellV_SF", -3);
        BANK.put(bank, "ModTmp_SF", -1);
        BANK.put(bank, "A_SF", 0);
        BANK.put(bank, "SoC_SF", -1);
        BANK.put(bank, "V_SF", -1);
        for (BatteryString each : strings) {
            int[] string = map.add(STRING_OF_BANK);
            STRING_OF_BANK.put(string, "StrNMod", each.modules());
            STRING_OF_BANK.put(string, "StrSt", 1);
            STRING_OF_BANK.put(string, "StrEvt1", 0);
        }
        return map.finish();
    }

    /** Models 1 and 805; its cells' values are not simulated. */
    static SunSpecMap ofModule(Device device, int cells, Shape shape) {
        var map = new SunSpecMap(shape);
        map.begin(device, "battery module");
        int length = MODULE.length() - 2 + CELL_OF_MODULE.length() * cells;
        int[] fixed = map.begin(MODULE, 805, length);
        MODULE.put(fixed, "NCell", cells);
        MODULE.put(fixed, "SoC_SF", -1);
        MODULE.put(fixed, "V_SF", -1);
        MODULE.put(fixed, "CellV_SF", -3);
        MODULE.put(fixed, "Tmp_SF", -1);
        for (int cell = 0; cell < cells; cell++) {
            map.add(CELL_OF_MODULE);
        }
        return map.finish();
    }

    private void begin(Device device, String what) {
        parts.add(RegisterEncoder.text(2, "SunS"));
        shape.before().forEach(this::addVendor);
        int[] common = begin(COMMON, 1, COMMON.length() - 2);
        COMMON.put(common, "Mn", "Bulkhead simulated");
        COMMON.put(common, "Md", what);
        COMMON.put(common, "SN", device.id().value());
        COMMON.put(common, "DA", device.unit());
        shape.between().forEach(this::addVendor);
    }

    private void addVendor(int length) {
        begun.add(new Begun(VENDOR, next()));
        int[] words = new int[2 + length];
        Arrays.fill(words, 0x5555);
        words[0] = VENDOR;
        words[1] = length;
        parts.add(words);
    }

    private int[] begin(Layout layout, int id, int length) {
        begun.add(new Begun(id, next()));
        int[] words = add(layout);
        layout.put(words, "ID", id);
        layout.put(words, "L", length);
        return words;
    }

    private int[] add(Layout layout) {
        int[] words = layout.blank();
        parts.add(words);
        return words;
    }

    private int next() {
        return shape.base() + parts.stream().mapToInt(part -> part.length).sum();
    }

    private SunSpecMap finish() {
        begun.add(new Begun(0xFFFF, next()));
        parts.add(new int[] {0xFFFF, 0});
        return this;
    }

    int base() {
        return shape.base();
    }

    int[] words() {
        return parts.stream().flatMapToInt(Arrays::stream).toArray();
    }

    /** Where this device has a register of a map; empty if it has not so much of its model. */
    Optional<Part> part(Profile profile, int address) {
        Profile.Model model = profile.modelAt(address).orElseThrow();
        for (int i = 0; i < begun.size() - 1; i++) {
            if (begun.get(i).id() == model.id()) {
                int moved = begun.get(i).address() + address - model.address();
                int left = begun.get(i + 1).address() - moved;
                return left > 0 ? Optional.of(new Part(moved, left)) : Optional.empty();
            }
        }
        throw new IllegalArgumentException(
                "a device of " + profile.id() + " has no " + model.name());
    }

    /**
     * A model's points in their order. Types: {@code u} unsigned word, {@code w} two of them,
     * {@code s} signed word, scale factor or pad, {@code t16} text of 16 registers.
     */
    private record Layout(Map<String, Integer> offsets, List<Integer> unimplemented) {
        private static final Pattern BLANKS = Pattern.compile("\\s+");

        Layout {
            offsets = Map.copyOf(offsets);
            unimplemented = List.copyOf(unimplemented);
        }

        static Layout of(String points) {
            Map<String, Integer> offsets = new LinkedHashMap<>();
            List<Integer> words = new ArrayList<>();
            for (String point : BLANKS.splitAsStream(points.strip()).toList()) {
                int colon = point.indexOf(':');
                offsets.put(point.substring(0, colon), words.size());
                String type = point.substring(colon + 1);
                switch (type.charAt(0)) {
                    case 'u' -> words.add(0xFFFF);
                    case 'w' -> words.addAll(List.of(0xFFFF, 0xFFFF));
                    case 's' -> words.add(0x8000);
                    case 't' -> words.addAll(zeros(Integer.parseInt(type.substring(1))));
                    default -> throw new IllegalArgumentException(point);
                }
            }
            return new Layout(offsets, words);
        }

        private static List<Integer> zeros(int count) {
            return Collections.nCopies(count, 0);
        }

        int length() {
            return unimplemented.size();
        }

        int[] blank() {
            return unimplemented.stream().mapToInt(Integer::intValue).toArray();
        }

        private int offset(String point) {
            Integer offset = offsets.get(point);
            if (offset == null) {
                throw new IllegalArgumentException("no point " + point);
            }
            return offset;
        }

        /** The length a point has: up to the next one. */
        private int length(String point) {
            int from = offset(point);
            return offsets.values().stream()
                            .mapToInt(Integer::intValue)
                            .filter(other -> other > from)
                            .min()
                            .orElse(length())
                    - from;
        }

        void put(int[] words, String point, long number) {
            copy(words, point, RegisterEncoder.words(length(point), number));
        }

        void put(int[] words, String point, String text) {
            copy(words, point, RegisterEncoder.text(length(point), text));
        }

        private void copy(int[] words, String point, int[] value) {
            System.arraycopy(value, 0, words, offset(point), value.length);
        }
    }
}
