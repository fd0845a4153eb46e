package dev.bulkhead.simulator.plant;

import dev.bulkhead.rules.site.BreakerId;
import dev.bulkhead.rules.site.DeviceId;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is true of a plant and stands in no document of its site: chemistry and geometry, air,
 * detectors, switchgear, and how the real plant deviates from its documents.
 */
public record PlantSettings(
        Chemistry chemistry,
        Cells cells,
        LeadAcid leadAcid,
        Air air,
        Detectors detectors,
        Switchgear switchgear,
        Backup backup,
        Spread spread,
        Deviations deviations) {

    /** A plant with everything as usual and as documented. */
    public static PlantSettings usual() {
        return new PlantSettings(
                Chemistry.NMC,
                Cells.usual(),
                LeadAcid.usual(),
                Air.usual(),
                Detectors.usual(),
                Switchgear.usual(),
                Backup.usual(),
                Spread.usual(),
                Deviations.none());
    }

    /** A cell that {@code plant.yaml} can name, to be as it in all that it doesn't say. */
    enum CellKind {
        NMC_94,
        LFP_280,
        VRLA_200;

        Cells cells() {
            return switch (this) {
                case NMC_94 -> Cells.usual();
                case LFP_280 -> Cells.lfp280();
                case VRLA_200 -> Cells.vrla200();
            };
        }
    }

    /**
     * Cells and how heat moves among them.
     *
     * @param jointMilliohms terminals and busbars, which warm the module as the cell does
     * @param mismatchMilliohms how much more the worst cell of a module resists, at most
     * @param chargePercent of every string at the start
     * @param filmWattsPerSquareMetreKelvin from the free sides to the air
     * @param betweenCellsWattsPerSquareMetreKelvin from cell to cell across the gap
     * @param betweenModulesWattsPerSquareMetreKelvin from a cell to the same cell of the module
     *     above and below
     * @param flameShareAbove how much of a burning cell's flame heats the same cell of the module
     *     above
     * @param ventCelsius where the safety vent opens
     */
    public record Cells(
            double kilograms,
            double joulesPerKilogramKelvin,
            double widthMetres,
            double heightMetres,
            double thicknessMetres,
            double milliohms,
            double jointMilliohms,
            double mismatchMilliohms,
            double chargePercent,
            double filmWattsPerSquareMetreKelvin,
            double emissivity,
            double betweenCellsWattsPerSquareMetreKelvin,
            double betweenModulesWattsPerSquareMetreKelvin,
            double flameShareAbove,
            double ventCelsius,
            Duration thermistorLag) {
        private static final double STEFAN_BOLTZMANN = 5.670374e-8;

        /**
         * A prismatic NMC cell of 173 × 125 × 45 mm and 2.1 kg. The 94 Ah cell of that can is what
         * the reference runs used; that the 67 Ah power cell has the same can and the same jelly
         * roll is an assumption. Heat capacity, film and emissivity are fitted to those runs within
         * the usual ranges; joints are chosen so that a string at 350 A warms 3–4 K/min.
         */
        public static Cells usual() {
            return new Cells(
                    2.1,
                    1060,
                    0.173,
                    0.125,
                    0.045,
                    0.8,
                    0.3,
                    0.3,
                    93,
                    5,
                    0.2,
                    30,
                    5,
                    0.13,
                    130,
                    Duration.ofMinutes(2));
        }

        /**
         * A prismatic LFP cell of 280 Ah: size and mass as in UL 9540A report SGS CQES2308000357,
         * vent where MDPI Batteries 10(8):270 saw one open. Heat capacity, film and emissivity as
         * of the NMC cell, and 0.3 mΩ, are proposals.
         */
        public static Cells lfp280() {
            return new Cells(
                    5.6,
                    1050,
                    0.1746,
                    0.2071,
                    0.0717,
                    0.3,
                    0.1,
                    0.1,
                    93,
                    5,
                    0.2,
                    30,
                    5,
                    0.13,
                    163,
                    Duration.ofMinutes(2));
        }

        /**
         * A cell of a 12 V bloc of 200 Ah with valves: a sixth of 522 × 240 × 219 mm, 63 kg and 3
         * mΩ, usual figures of data sheets, from memory. Heat capacity, film and emissivity are
         * assumptions, and so is that blocs exchange no heat with each other.
         */
        public static Cells vrla200() {
            return new Cells(
                    10.5,
                    900,
                    0.240,
                    0.219,
                    0.087,
                    0.5,
                    0.1,
                    0.1,
                    100,
                    5,
                    0.2,
                    30,
                    0,
                    0,
                    130,
                    Duration.ofMinutes(10));
        }

        double ohms() {
            return (milliohms + jointMilliohms) * 1e-3;
        }

        double joulesPerKelvin() {
            return kilograms * joulesPerKilogramKelvin;
        }

        double faceSquareMetres() {
            return widthMetres * heightMetres;
        }

        double sideSquareMetres() {
            return 2 * thicknessMetres * (widthMetres + heightMetres);
        }

        /** How far a thermistor follows its module in a step, 0..1. */
        double thermistorFollows(double seconds) {
            return -StrictMath.expm1(-seconds / (thermistorLag.toMillis() * 1e-3));
        }

        /** What a square metre at a temperature loses to the air and what lies behind it, W. */
        double lostPerSquareMetre(double celsius, double airCelsius) {
            double own = celsius + 273.15;
            double air = airCelsius + 273.15;
            return filmWattsPerSquareMetreKelvin * (own - air)
                    + emissivity
                            * STEFAN_BOLTZMANN
                            * (own * own * own * own - air * air * air * air);
        }

        double cubicMetres() {
            return widthMetres * heightMetres * thicknessMetres;
        }
    }

    /**
     * How cells of {@link Chemistry#VRLA} behave under charge.
     *
     * @param floatMilliamperesPerAmpereHour at 2.25 V and 25 °C
     * @param gasShare how much of a current that is recombined leaves as gas all the same
     * @param recombinedMilliamperesPerAmpereHour the greatest current whose gas is recombined; what
     *     goes beyond it leaves
     * @param waterGramsPerAmpereHour in a new cell; without half of it a cell is dry
     * @param boilsCelsius where the electrolyte boils
     */
    public record LeadAcid(
            double floatMilliamperesPerAmpereHour,
            double gasShare,
            double recombinedMilliamperesPerAmpereHour,
            double waterGramsPerAmpereHour,
            double boilsCelsius) {
        /**
         * 0.4 mA/Ah make the 0.09 W per 100 Ah that accuoerlikon gives for recombination. A share
         * of 0.2 and 8 mA/Ah are the gas emission factor and the boost current of EN 50272-2, which
         * designs by a float current of 1 mA/Ah at 2.27 V (estimation.tools, battery ventilation);
         * that nothing beyond 8 is recombined is an assumption. So are the water and where it
         * boils.
         */
        public static LeadAcid usual() {
            return new LeadAcid(0.4, 0.2, 8, 9, 108);
        }
    }

    /**
     * The air of a battery room and of its racks. All proposals.
     *
     * @param changesPerHour with the exhaust fan running
     * @param closedChangesPerHour with the fan stopped and the damper shut, after an agent
     *     discharge
     * @param rackCubicMetres free air inside a rack
     * @param rackExchange how long a rack takes to exchange its air with the room
     * @param spillShare how much of a rack's concentration its neighbour's sensor sees
     * @param wallWattsPerKelvin what walls and ceiling take up
     */
    public record Air(
            double celsius,
            double humidityPercent,
            double changesPerHour,
            double closedChangesPerHour,
            double rackCubicMetres,
            Duration rackExchange,
            double spillShare,
            double ceilingMetresAboveRack,
            double wallWattsPerKelvin) {
        public static Air usual() {
            return new Air(23, 45, 6, 0.2, 0.5, Duration.ofSeconds(30), 0.02, 2, 3800);
        }
    }

    /**
     * What detectors answer to. Smoke steps are the factory settings of an aspirating detector;
     * heat is EN 54-5 class A1; off-gas and lags are proposals.
     *
     * @param agentDelay from the fire step of smoke to the discharge of the extinguishing agent
     */
    public record Detectors(
            double offGasPartsPerMillion,
            Duration gasLag,
            Duration smokeTransport,
            double smokeBackgroundPercentPerMetre,
            double smokeAlertPercentPerMetre,
            double smokeActionPercentPerMetre,
            double smokeFirePercentPerMetre,
            double heatCelsius,
            Duration heatLag,
            Duration agentDelay) {
        public static Detectors usual() {
            return new Detectors(
                    200,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(45),
                    0.01,
                    0.08,
                    0.14,
                    0.20,
                    57,
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(30));
        }
    }

    /**
     * Breakers and busbars.
     *
     * @param opening from the trip pulse to open contacts
     * @param selectHolds how long a SELECT stands
     * @param bleederKiloohms across each busbar
     * @param busbarMicrofarads cable and filter of a busbar; with 30 µF and 50 kΩ a dead busbar
     *     falls from 558 V to 60 V in 3.3 s
     * @param floatVoltsPerCell what the rectifier holds a string at
     * @param fuseAmperes what a string's fuse interrupts, for good; assumed at twice the 490 A that
     *     a cabinet gives at 200 kW
     * @param openedByFacilityCut a facility cut opens the battery breakers too
     */
    public record Switchgear(
            Duration opening,
            Duration selectHolds,
            double bleederKiloohms,
            double busbarMicrofarads,
            double floatVoltsPerCell,
            double fuseAmperes,
            boolean openedByFacilityCut) {
        public static Switchgear usual() {
            return new Switchgear(
                    Duration.ofMillis(50), Duration.ofSeconds(10), 50, 30, 4.10, 1000, true);
        }

        double bleedSeconds() {
            return bleederKiloohms * 1e3 * busbarMicrofarads * 1e-6;
        }
    }

    /**
     * UPS and generators.
     *
     * @param generatorsStart whether they do
     * @param generatorStart from the loss of the utility to carrying the load
     * @param efficiency of a UPS from its DC side or its input to its output
     * @param emptyVoltsPerCell where a UPS on battery gives up
     * @param chargeRate highest charging current, as a share of the capacity per hour
     * @param rideThrough how long a server lives without supply
     * @param bypassTransfer how long a UPS's output is dead as it goes from its inverter to bypass
     * @param batteryTransfer how long it is dead as it goes to battery
     * @param upsStopsCelsius around a UPS
     * @param inrush what a server draws as it is started, as a multiple of what it draws later
     * @param inrushLasts how long it does so
     */
    public record Backup(
            boolean generatorsStart,
            Duration generatorStart,
            double efficiency,
            double emptyVoltsPerCell,
            double chargeRate,
            Duration rideThrough,
            Duration bypassTransfer,
            Duration batteryTransfer,
            double upsStopsCelsius,
            double inrush,
            Duration inrushLasts) {
        /**
         * To bypass as a static switch does, within 4 ms; out of step with its input a UPS takes
         * 200 ms or more (UFGS 16265A). To battery without a break: double conversion.
         *
         * <p>40 °C is where UPS2000's manual ends (p. 82); that a UPS stops there is an assumption.
         * 20 ms is ITIC's ride-through at 0 V. Inrush: 3 to 5 times for 20 to 50 ms, as a maker of
         * power strips says of servers with graphics processors (enova.sg on Raritan PX4); that
         * these servers are like those is an assumption.
         */
        public static Backup usual() {
            return of(Chemistry.NMC);
        }

        /** As usual, for batteries of a chemistry. */
        static Backup of(Chemistry chemistry) {
            return new Backup(
                    true,
                    Duration.ofSeconds(15),
                    0.97,
                    chemistry.emptyVolts(),
                    0.2,
                    Duration.ofMillis(20),
                    Duration.ofMillis(4),
                    Duration.ZERO,
                    40,
                    4,
                    Duration.ofMillis(50));
        }
    }

    /**
     * How a fire goes on from its first flame. All proposals; where empty, it doesn't.
     *
     * @param bmsSilent when the burning rack's own electronics fall silent
     * @param nextRack when a burning rack sets its neighbours on fire
     * @param ceilingLag how fast the other rooms of the fire zone follow the hot gas under the
     *     burning room's ceiling; empty: the ceiling is tight
     * @param feedersFail when the conductors that cross the fire zone burn through
     */
    public record Spread(
            Optional<Duration> bmsSilent,
            Optional<Duration> nextRack,
            Optional<Duration> ceilingLag,
            Optional<Duration> feedersFail) {
        public static Spread usual() {
            return new Spread(
                    Optional.of(Duration.ofMinutes(10)),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }
    }

    /**
     * Where the real plant is not what its documents say.
     *
     * @param swappedUnits which device really answers where the documents put another
     * @param miswiredBreakers which breaker really hangs on the terminals of another
     */
    public record Deviations(
            SequencedMap<DeviceId, DeviceId> swappedUnits,
            SequencedMap<BreakerId, BreakerId> miswiredBreakers,
            List<BreakerId> stuckBreakers,
            List<BreakerId> localBreakers) {
        public Deviations {
            swappedUnits = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(swappedUnits));
            miswiredBreakers =
                    Collections.unmodifiableSequencedMap(new LinkedHashMap<>(miswiredBreakers));
            stuckBreakers = List.copyOf(stuckBreakers);
            localBreakers = List.copyOf(localBreakers);
        }

        public static Deviations none() {
            return new Deviations(
                    new LinkedHashMap<>(), new LinkedHashMap<>(), List.of(), List.of());
        }

        /** The device that really answers where {@code documented} should. */
        public DeviceId standingAt(DeviceId documented) {
            return swappedUnits.getOrDefault(documented, documented);
        }

        /** Each kind of deviation in words, a line each. */
        public List<String> words() {
            List<String> words =
                    Stream.of(
                                    kind("devices in each other's place", swappedUnits.keySet()),
                                    kind(
                                            "breakers on each other's terminals",
                                            miswiredBreakers.keySet()),
                                    kind("breakers that stick", stuckBreakers),
                                    kind("breakers in LOCAL", localBreakers))
                            .flatMap(Optional::stream)
                            .toList();
            return words.isEmpty() ? List.of("it is as its documents say") : words;
        }

        private static Optional<String> kind(String what, Collection<?> things) {
            return things.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            "not as documented: "
                                    + what
                                    + ": "
                                    + things.stream()
                                            .map(Object::toString)
                                            .collect(Collectors.joining(", ")));
        }

        BreakerId wiredAt(BreakerId documented) {
            return miswiredBreakers.getOrDefault(documented, documented);
        }
    }
}
