package dev.bulkhead.simulator.plant;

import dev.bulkhead.rules.site.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The cells of one rack. Modules near trouble are worked out cell by cell in steps as short as
 * their reactions ask; all others share one temperature, that of a module's mean cell, which goes
 * by the caller's step. A module joins the first when a cell beside it has warmed, and begins as
 * the others are. Cells stand in a row within their module, and modules on top of each other with
 * module 1 at the bottom, which is an assumption: flames reach upwards.
 */
final class CellStack implements Stack {
    private static final double LONGEST_STEP_SECONDS = 0.5;

    /** A neighbour warmed by less than this changes nothing that could be measured. */
    private static final double JOINS_AT_KELVIN = 2;

    private final class Module {
        final List<Cell> cells = new ArrayList<>();
        double thermistorCelsius;

        Module() {
            for (int cell = 0; cell < cellsPerModule; cell++) {
                cells.add(new Cell(shape, chemistry, ampereHours, calmCelsius));
            }
            thermistorCelsius = calmThermistorCelsius;
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
    private double calmCelsius;
    private double calmThermistorCelsius;

    /**
     * @param celsius of all cells at first
     */
    CellStack(
            PlantSettings.Cells shape,
            Chemistry chemistry,
            double ampereHours,
            int modules,
            int cellsPerModule,
            double celsius) {
        this.shape = shape;
        this.chemistry = chemistry;
        this.ampereHours = ampereHours;
        this.modules = modules;
        this.cellsPerModule = cellsPerModule;
        this.calmCelsius = celsius;
        this.calmThermistorCelsius = celsius;
    }

    /** The cell a module and cell number (both from 1) name, worked out from now on. */
    Cell watch(int module, int cell) {
        if (module < 1 || module > modules || cell < 1 || cell > cellsPerModule) {
            throw new IllegalArgumentException("no cell " + cell + " in module " + module);
        }
        return near.computeIfAbsent(module, _ -> new Module()).cells.get(cell - 1);
    }

    @Override
    public void shortThrough(int module, int cell, double milliohms, double charge) {
        watch(module, cell).shortThrough(milliohms, chemistry.restingVolts(charge));
    }

    @Override
    public void heat(int module, double watts) {
        watch(module, 1).heat(watts);
    }

    @Override
    public double stored(double seconds, double amperes, double charge) {
        return amperes;
    }

    @Override
    public double resistance() {
        return 1;
    }

    @Override
    public double thermistorCelsius(int module) {
        Module worked = near.get(module);
        return worked == null ? calmThermistorCelsius : worked.thermistorCelsius;
    }

    @Override
    public double hottestCelsius(int module) {
        Module worked = near.get(module);
        return worked == null ? calmCelsius : worked.hottest();
    }

    @Override
    public double highestVolts(int module, double charge) {
        return chemistry.restingVolts(charge);
    }

    @Override
    public double lowestVolts(int module, double charge) {
        Module worked = near.get(module);
        double least = chemistry.restingVolts(charge);
        if (worked != null) {
            for (Cell cell : worked.cells) {
                least = Math.min(least, cell.restingVolts(charge));
            }
        }
        return least;
    }

    @Override
    public double meanVolts(int module, double charge) {
        Module worked = near.get(module);
        if (worked == null) {
            return chemistry.restingVolts(charge);
        }
        double sum = 0;
        for (Cell cell : worked.cells) {
            sum += cell.restingVolts(charge);
        }
        return sum / cellsPerModule;
    }

    @Override
    public double missingVolts(double charge) {
        double missing = 0;
        double healthy = chemistry.restingVolts(charge);
        for (Module module : near.values()) {
            for (Cell cell : module.cells) {
                missing += healthy - cell.restingVolts(charge);
            }
        }
        return missing;
    }

    @Override
    public List<CellEvent> step(
            double seconds, double currentWatts, double airCelsius, Emission out) {
        stepCalm(seconds, currentWatts, airCelsius);
        if (near.isEmpty()) {
            return List.of();
        }
        List<CellEvent> events = new ArrayList<>();
        join();
        double gone = 0;
        while (gone < seconds) {
            double step = Math.min(LONGEST_STEP_SECONDS, seconds - gone);
            for (int number : near.keySet()) {
                for (int cell = 0; cell < cellsPerModule; cell++) {
                    step = Math.min(step, prepare(number, cell, currentWatts, airCelsius));
                }
            }
            for (var entry : near.entrySet()) {
                go(entry.getKey(), entry.getValue(), step, gone, events, out);
            }
            gone += step;
        }
        return events;
    }

    private void stepCalm(double seconds, double currentWatts, double airCelsius) {
        double area = shape.sideSquareMetres() + 2 * shape.faceSquareMetres() / cellsPerModule;
        double watts = currentWatts - area * shape.lostPerSquareMetre(calmCelsius, airCelsius);
        calmCelsius += watts * seconds / shape.joulesPerKelvin();
        calmThermistorCelsius +=
                (calmCelsius - calmThermistorCelsius) * shape.thermistorFollows(seconds);
    }

    private double prepare(int number, int place, double currentWatts, double airCelsius) {
        Module module = Site.known(near, number);
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
                        neighbour == null ? calmCelsius : neighbour.cells.get(place).celsius();
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
        module.thermistorCelsius +=
                (module.mean() - module.thermistorCelsius) * shape.thermistorFollows(step);
    }

    private void join() {
        for (int number : List.copyOf(near.keySet())) {
            if (Site.known(near, number).hottest() > calmCelsius + JOINS_AT_KELVIN) {
                for (int other = number - 1; other <= number + 1; other += 2) {
                    if (other >= 1 && other <= modules) {
                        near.computeIfAbsent(other, _ -> new Module());
                    }
                }
            }
        }
    }
}
