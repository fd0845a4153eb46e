package dev.bulkhead.simulator.plant;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The cells of one rack. Only modules near trouble are worked out cell by cell; a module joins when
 * a cell beside it has warmed. Cells stand in a row within their module, and modules on top of each
 * other with module 1 at the bottom, which is an assumption: flames reach upwards.
 */
final class CellStack {
    /** What a cell has come to. */
    enum Turn {
        VENTING,
        RUNAWAY
    }

    /** A cell that vented or ran away, {@code seconds} into the step. */
    record CellEvent(double seconds, int module, int cell, Turn turn) {}

    private static final double LONGEST_STEP_SECONDS = 0.5;

    /** A neighbour warmed by less than this changes nothing that could be measured. */
    private static final double JOINS_AT_KELVIN = 2;

    private final class Module {
        final List<Cell> cells = new ArrayList<>();
        double thermistorCelsius;

        Module(double celsius) {
            for (int cell = 0; cell < cellsPerModule; cell++) {
                cells.add(new Cell(shape, chemistry, ampereHours, celsius));
            }
            thermistorCelsius = celsius;
        }

        double hottest() {
            double most = cells.getFirst().celsius();
            for (Cell cell : cells) {
                most = Math.max(most, cell.celsius());
            }
            return most;
        }

        /** The case's temperature, which the thermistor follows: the mean of the cells. */
        double mean() {
            double sum = 0;
            for (Cell cell : cells) {
                sum += cell.celsius();
            }
            return sum / cells.size();
        }
    }

    private final PlantSettings.Cells shape;
    private final Chemistry chemistry;
    private final double ampereHours;
    private final int modules;
    private final int cellsPerModule;
    private final SortedMap<Integer, Module> near = new TreeMap<>();

    CellStack(
            PlantSettings.Cells shape,
            Chemistry chemistry,
            double ampereHours,
            int modules,
            int cellsPerModule) {
        this.shape = shape;
        this.chemistry = chemistry;
        this.ampereHours = ampereHours;
        this.modules = modules;
        this.cellsPerModule = cellsPerModule;
    }

    /** The cell a module and cell number (both from 1) name, worked out from now on. */
    Cell watch(int module, int cell, double celsius) {
        if (module < 1 || module > modules || cell < 1 || cell > cellsPerModule) {
            throw new IllegalArgumentException("no cell " + cell + " in module " + module);
        }
        return near.computeIfAbsent(module, _ -> new Module(celsius)).cells.get(cell - 1);
    }

    boolean isQuiet() {
        return near.isEmpty();
    }

    boolean isNear(int module) {
        return near.containsKey(module);
    }

    double thermistorCelsius(int module) {
        return module(module).thermistorCelsius;
    }

    double hottestCelsius(int module) {
        return module(module).hottest();
    }

    /** The lowest resting voltage among a module's cells. */
    double lowestVolts(int module, double charge) {
        double least = Double.POSITIVE_INFINITY;
        for (Cell cell : module(module).cells) {
            least = Math.min(least, cell.restingVolts(charge));
        }
        return least;
    }

    double meanVolts(int module, double charge) {
        double sum = 0;
        for (Cell cell : module(module).cells) {
            sum += cell.restingVolts(charge);
        }
        return sum / cellsPerModule;
    }

    /** How much less than a healthy string's the whole string's resting voltage is. */
    double missingVolts(double charge) {
        double missing = 0;
        double healthy = chemistry.restingVolts(charge);
        for (Module module : near.values()) {
            for (Cell cell : module.cells) {
                missing += healthy - cell.restingVolts(charge);
            }
        }
        return missing;
    }

    private Module module(int number) {
        Module module = near.get(number);
        if (module == null) {
            throw new IllegalArgumentException("module " + number + " is not near trouble");
        }
        return module;
    }

    /**
     * Goes a step.
     *
     * @param currentWatts per cell, from the string's current
     * @param airCelsius around the cells
     * @param restCelsius of the modules that aren't worked out
     */
    List<CellEvent> step(
            double seconds,
            double currentWatts,
            double airCelsius,
            double restCelsius,
            Emission out) {
        List<CellEvent> events = new ArrayList<>();
        join(restCelsius);
        double gone = 0;
        while (gone < seconds) {
            double step = Math.min(LONGEST_STEP_SECONDS, seconds - gone);
            for (int number : near.keySet()) {
                for (int cell = 0; cell < cellsPerModule; cell++) {
                    step =
                            Math.min(
                                    step,
                                    prepare(number, cell, currentWatts, airCelsius, restCelsius));
                }
            }
            for (var entry : near.entrySet()) {
                go(entry.getKey(), entry.getValue(), step, gone, events, out);
            }
            gone += step;
        }
        return events;
    }

    private double prepare(
            int number, int place, double currentWatts, double airCelsius, double restCelsius) {
        Module module = module(number);
        double own = module.cells.get(place).celsius();
        double face = shape.faceSquareMetres();
        double gained = currentWatts;
        double openFaces = 0;
        for (int side = place - 1; side <= place + 1; side += 2) {
            if (side >= 0 && side < cellsPerModule) {
                gained +=
                        shape.betweenCellsWattsPerSquareMetreKelvin()
                                * face
                                * (module.cells.get(side).celsius() - own);
            } else {
                openFaces++;
            }
        }
        for (int other = number - 1; other <= number + 1; other += 2) {
            if (other >= 1 && other <= modules) {
                Module neighbour = near.get(other);
                double theirs =
                        neighbour == null ? restCelsius : neighbour.cells.get(place).celsius();
                gained += shape.betweenModulesWattsPerSquareMetreKelvin() * face * (theirs - own);
            }
        }
        double area = shape.sideSquareMetres() + openFaces * face;
        return module.cells.get(place).prepare(gained, airCelsius, area);
    }

    private void go(
            int number,
            Module module,
            double step,
            double gone,
            List<CellEvent> events,
            Emission out) {
        for (int place = 0; place < cellsPerModule; place++) {
            Cell cell = module.cells.get(place);
            boolean hadVented = cell.hasVented();
            double flame = cell.step(step, out);
            if (flame > 0 && number < modules) {
                Module above = near.get(number + 1);
                if (above != null) {
                    above.cells.get(place).takeUp(flame * shape.flameShareAbove());
                }
            }
            if (cell.hasVented() && !hadVented) {
                events.add(new CellEvent(gone + step, number, place + 1, Turn.VENTING));
            }
            if (cell.tellsRunaway()) {
                events.add(new CellEvent(gone, number, place + 1, Turn.RUNAWAY));
            }
        }
        double lag = shape.thermistorLag().toMillis() * 1e-3;
        module.thermistorCelsius +=
                (module.mean() - module.thermistorCelsius) * -StrictMath.expm1(-step / lag);
    }

    private void join(double restCelsius) {
        for (int number : List.copyOf(near.keySet())) {
            if (module(number).hottest() > restCelsius + JOINS_AT_KELVIN) {
                for (int other = number - 1; other <= number + 1; other += 2) {
                    if (other >= 1 && other <= modules) {
                        near.computeIfAbsent(other, _ -> new Module(restCelsius));
                    }
                }
            }
        }
    }
}
