package dev.bulkhead.simulator.plant;

import dev.bulkhead.rules.site.BatteryString;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The blocs of one string of valve-regulated lead-acid cells. A module is a bloc and has one
 * temperature. All carry one current, so they run away together or not at all:
 *
 * <pre>
 *   voltage above rest --> side current, which a full cell can't store
 *   side current       --> recombined up to a limit: all its power is heat
 *                      --> beyond it, and a share of all: hydrogen and oxygen; 1.48 V less is heat
 *   heat               --> temperature --> twice the side current for every 10 K
 * </pre>
 *
 * <p>Side current: I = I0 · 2^((T − 25)/10) · 10^((V − 2.25)/0.2), the usual model, from memory.
 * With 1.48 V, the enthalpy of water, an ampere that isn't recombined leaves 0.77 W at 2.25 V, as
 * accuoerlikon has it. Voltage above rest builds and fades within a minute, and a cell takes up at
 * most what would fill it within two hours (assumptions).
 *
 * <p>A bloc dries by what leaves as gas and by what boils off, and resists more until it takes
 * hardly anything. Not modelled is what may come after: cases that melt, fire, hydrogen that
 * ignites.
 */
final class BlocStack implements Stack {
    private static final double FLOAT_VOLTS = 2.25;
    private static final double VOLTS_PER_DECADE = 0.2;
    private static final double DECADES_PER_KELVIN = StrictMath.log10(2) / 10;
    private static final double REFERENCE_CELSIUS = 25;
    private static final double ENTHALPY_VOLTS = 1.48;
    private static final double POLARISED_SECONDS = 60;
    private static final double FILLED_HOURS = 2;

    /** Blocs draw side currents that differ by 20 % either way. Assumption. */
    private static final double SPREAD_DECADES = 0.08;

    /** From here on above rest a bloc's own side current decides its voltage. Assumption. */
    private static final double DECIDED_VOLTS = 0.1;

    /**
     * Heat that doubles every 10 K outgrows losses that go with the distance from the air at 10
     * K/ln 2. A maker calls it runaway from 10 K on (C&D DCS-100HIT).
     */
    private static final double RUNAWAY_KELVIN = 10 / StrictMath.log(2);

    /** Water: 18 g/mol over two Faraday. */
    private static final double GRAMS_PER_AMPERE_HOUR = 0.336;

    private static final double BOILING_JOULES_PER_GRAM = 2257;

    /** Resistance goes with 1/(1 − 2·lost), up to a hundredfold. Assumption. */
    private static final double DRY_SHARE = 0.495;

    private final PlantSettings.Cells shape;
    private final PlantSettings.LeadAcid lead;
    private final Chemistry chemistry;
    private final int cellsPerBloc;
    private final double ampereHours;
    private final List<Bloc> blocs = new ArrayList<>();
    private double polarisationVolts;
    private double restingVolts;
    private double sideAmperes;
    private boolean hasVented;
    private boolean hasRunAway;

    /** A cell that discharges into itself, at the same current until nothing is left. */
    private static final class ShortedCell {
        final double amperes;
        final double milliohms;
        double leftAmpereHours;

        ShortedCell(double amperes, double milliohms, double leftAmpereHours) {
            this.amperes = amperes;
            this.milliohms = milliohms;
            this.leftAmpereHours = leftAmpereHours;
        }

        double volts() {
            return leftAmpereHours > 0 ? amperes * milliohms * 1e-3 : 0;
        }
    }

    private static final class Bloc {
        final double spreadDecades;
        final List<ShortedCell> shorted = new ArrayList<>();
        double celsius;
        double thermistorCelsius;
        double lostGrams;
        double heaterWatts;

        Bloc(double celsius, double spreadDecades) {
            this.celsius = celsius;
            this.thermistorCelsius = celsius;
            this.spreadDecades = spreadDecades;
        }

        /** How much more side current it draws than the usual bloc at 25 °C. */
        double decades() {
            return spreadDecades + (celsius - REFERENCE_CELSIUS) * DECADES_PER_KELVIN;
        }
    }

    /**
     * A string that, if it is full, has floated for long.
     *
     * @param celsius of all blocs at first
     */
    BlocStack(
            PlantSettings settings, BatteryString string, double celsius, SplittableRandom random) {
        this.shape = settings.cells();
        this.lead = settings.leadAcid();
        this.chemistry = settings.chemistry();
        this.cellsPerBloc = string.cellsPerModule();
        this.ampereHours = string.ampereHours();
        for (int bloc = 0; bloc < string.modules(); bloc++) {
            blocs.add(new Bloc(celsius, random.nextDouble(-SPREAD_DECADES, SPREAD_DECADES)));
        }
        this.restingVolts = chemistry.restingVolts(shape.chargePercent() / 100);
        double above = settings.switchgear().floatVoltsPerCell() - restingVolts;
        this.polarisationVolts = shape.chargePercent() < 100 ? 0 : Math.max(0, above) * cells();
    }

    private int cells() {
        return blocs.size() * cellsPerBloc;
    }

    private int healthy(Bloc bloc) {
        return cellsPerBloc - bloc.shorted.size();
    }

    private int healthy() {
        int sum = 0;
        for (Bloc bloc : blocs) {
            sum += healthy(bloc);
        }
        return Math.max(1, sum);
    }

    private double meanDecades() {
        double sum = 0;
        for (Bloc bloc : blocs) {
            sum += healthy(bloc) * bloc.decades();
        }
        return sum / healthy();
    }

    private double aboveRest() {
        return polarisationVolts / healthy();
    }

    /** What a bloc's whole cells stand at: a hot one takes the string's current at less. */
    private double volts(Bloc bloc, double resting, double meanDecades) {
        double decided = Math.min(1, aboveRest() / DECIDED_VOLTS);
        return resting + aboveRest() + decided * VOLTS_PER_DECADE * (meanDecades - bloc.decades());
    }

    @Override
    public double stored(double seconds, double amperes, double charge) {
        restingVolts = chemistry.restingVolts(charge);
        sideAmperes = drawnAside();
        double voltsPerAmpere = cells() * shape.ohms() * seconds / POLARISED_SECONDS;
        double most = (1 - charge) * ampereHours / FILLED_HOURS;
        double left = amperes - sideAmperes;
        double stored = Math.min(most, left + polarisationVolts / voltsPerAmpere);
        polarisationVolts = Math.max(0, polarisationVolts + (left - stored) * voltsPerAmpere);
        return stored;
    }

    private double drawnAside() {
        if (polarisationVolts <= 0) {
            return 0;
        }
        double decades =
                (restingVolts + aboveRest() - FLOAT_VOLTS) / VOLTS_PER_DECADE + meanDecades();
        return lead.floatMilliamperesPerAmpereHour()
                * 1e-3
                * ampereHours
                * StrictMath.pow(10, decades);
    }

    private double mostRecombinedAmperes() {
        return lead.recombinedMilliamperesPerAmpereHour() * 1e-3 * ampereHours;
    }

    /** How much of the side current leaves as gas. */
    private double gasShare() {
        double recombined = Math.min(sideAmperes, mostRecombinedAmperes()) * (1 - lead.gasShare());
        return sideAmperes > 0 ? 1 - recombined / sideAmperes : 0;
    }

    @Override
    public List<CellEvent> step(
            double seconds, double currentWatts, double airCelsius, Emission out) {
        List<CellEvent> events = new ArrayList<>();
        double meanDecades = meanDecades();
        double gasShare = gasShare();
        for (int number = 1; number <= blocs.size(); number++) {
            Bloc bloc = blocs.get(number - 1);
            double volts = volts(bloc, restingVolts, meanDecades);
            double sideWatts = healthy(bloc) * sideAmperes * (volts - ENTHALPY_VOLTS * gasShare);
            double otherWatts =
                    cellsPerBloc * currentWatts + bloc.heaterWatts + selfDischarge(bloc, seconds);
            double lostWatts = lostWatts(bloc, airCelsius);
            warm(bloc, (sideWatts + otherWatts - lostWatts) * seconds);
            bloc.thermistorCelsius +=
                    (bloc.celsius - bloc.thermistorCelsius) * shape.thermistorFollows(seconds);
            out.warm(lostWatts * seconds);
            gas(bloc, sideAmperes * gasShare * seconds / 3600, out);
            boolean isHot = bloc.celsius >= airCelsius + RUNAWAY_KELVIN;
            if (isHot && sideWatts > lostWatts && !hasRunAway) {
                hasRunAway = true;
                events.add(new CellEvent(seconds, number, 0, Turn.RUNAWAY_UNDER_CHARGE));
            }
        }
        if (sideAmperes > mostRecombinedAmperes() && !hasVented) {
            hasVented = true;
            events.add(new CellEvent(seconds, hottest(), 0, Turn.VENTING));
        }
        return events;
    }

    private double lostWatts(Bloc bloc, double airCelsius) {
        double area = cellsPerBloc * shape.sideSquareMetres() + 2 * shape.faceSquareMetres();
        return area * shape.lostPerSquareMetre(bloc.celsius, airCelsius);
    }

    /** What its shorted cells make of what is left in them, W. */
    private double selfDischarge(Bloc bloc, double seconds) {
        double watts = 0;
        for (ShortedCell cell : bloc.shorted) {
            if (cell.leftAmpereHours > 0) {
                cell.leftAmpereHours -= cell.amperes * seconds / 3600;
                watts += cell.amperes * restingVolts;
            }
        }
        return watts;
    }

    /** Nothing is hotter than its boiling electrolyte while there is any. */
    private void warm(Bloc bloc, double joules) {
        double joulesPerKelvin = cellsPerBloc * shape.joulesPerKelvin();
        bloc.celsius += joules / joulesPerKelvin;
        if (bloc.celsius > lead.boilsCelsius() && dryness(bloc) < DRY_SHARE) {
            double boiling = (bloc.celsius - lead.boilsCelsius()) * joulesPerKelvin;
            bloc.lostGrams += boiling / BOILING_JOULES_PER_GRAM;
            bloc.celsius = lead.boilsCelsius();
        }
    }

    private void gas(Bloc bloc, double ampereHoursGassed, Emission out) {
        double ofAllCells = healthy(bloc) * ampereHoursGassed;
        bloc.lostGrams += ofAllCells * GRAMS_PER_AMPERE_HOUR;
        out.bubble(ofAllCells * chemistry.gasLitresPerAmpereHour);
    }

    /** How much of its water a bloc has lost, up to where it counts as dry. */
    private double dryness(Bloc bloc) {
        double grams = cellsPerBloc * ampereHours * lead.waterGramsPerAmpereHour();
        return Math.min(DRY_SHARE, bloc.lostGrams / grams);
    }

    private int hottest() {
        int hottest = 1;
        for (int number = 2; number <= blocs.size(); number++) {
            if (hottestCelsius(number) > hottestCelsius(hottest)) {
                hottest = number;
            }
        }
        return hottest;
    }

    private Bloc bloc(int number) {
        return blocs.get(number - 1);
    }

    @Override
    public void shortThrough(int module, int cell, double milliohms, double charge) {
        Bloc bloc = bloc(module);
        if (healthy(bloc) > 0) {
            double amperes =
                    chemistry.restingVolts(charge) / ((milliohms + shape.milliohms()) * 1e-3);
            bloc.shorted.add(new ShortedCell(amperes, milliohms, charge * ampereHours));
        }
    }

    @Override
    public void heat(int module, double watts) {
        bloc(module).heaterWatts = watts;
    }

    @Override
    public double thermistorCelsius(int module) {
        return bloc(module).thermistorCelsius;
    }

    @Override
    public double hottestCelsius(int module) {
        return bloc(module).celsius;
    }

    /** Only the whole bloc is measured: its mean cell. */
    @Override
    public double lowestVolts(int module, double charge) {
        return meanVolts(module, charge);
    }

    @Override
    public double highestVolts(int module, double charge) {
        return meanVolts(module, charge);
    }

    @Override
    public double meanVolts(int module, double charge) {
        Bloc bloc = bloc(module);
        double sum = healthy(bloc) * volts(bloc, chemistry.restingVolts(charge), meanDecades());
        for (ShortedCell cell : bloc.shorted) {
            sum += cell.volts();
        }
        return sum / cellsPerBloc;
    }

    @Override
    public double missingVolts(double charge) {
        double missing = -polarisationVolts;
        for (Bloc bloc : blocs) {
            for (ShortedCell cell : bloc.shorted) {
                missing += chemistry.restingVolts(charge) - cell.volts();
            }
        }
        return missing;
    }

    @Override
    public double resistance() {
        double sum = 0;
        for (Bloc bloc : blocs) {
            sum += 1 / (1 - 2 * dryness(bloc));
        }
        return sum / blocs.size();
    }
}
