package dev.bulkhead.simulator.scenario;

import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.BatteryString;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.RoomId;
import dev.bulkhead.rules.site.Subject;
import dev.bulkhead.simulator.plant.Plant;
import dev.bulkhead.simulator.score.Film;
import dev.bulkhead.simulator.score.Film.Frame;
import dev.bulkhead.simulator.score.Film.OfRoom;
import dev.bulkhead.simulator.score.Film.Rack;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Films the battery rooms of a plant: often while something changes, seldom while nothing does, and
 * never more frames than a page can hold. Modules are shown of the rooms that fail.
 */
final class Camera {
    private static final int MOST_FRAMES = 400;
    private static final int CHANGE_KELVIN = 3;

    /** So many gaps pass without a frame at most. */
    private static final int STILL = 20;

    private final Plant plant;
    private final List<RoomId> failing;
    private final List<Shot> shots = new ArrayList<>();
    private Duration gap = Duration.ofSeconds(5);

    private record Shot(Instant at, List<Frame> rooms) {}

    Camera(Plant plant, List<RoomId> failing) {
        this.plant = plant;
        this.failing = failing;
    }

    void look() {
        if (!shots.isEmpty() && plant.now().isBefore(shots.getLast().at().plus(gap))) {
            return;
        }
        var shot =
                new Shot(
                        plant.now(),
                        plant.site().batteryRooms().stream().map(this::frame).toList());
        if (shots.isEmpty() || isNew(shots.getLast(), shot)) {
            shots.add(shot);
        }
        if (shots.size() > MOST_FRAMES) {
            IntStream.iterate(shots.size() - 2, at -> at > 0, at -> at - 2).forEach(shots::remove);
            gap = gap.multipliedBy(2);
        }
    }

    private boolean isNew(Shot last, Shot now) {
        return !now.at().isBefore(last.at().plus(gap.multipliedBy(STILL)))
                || IntStream.range(0, now.rooms().size())
                        .anyMatch(
                                room -> hasChanged(last.rooms().get(room), now.rooms().get(room)));
    }

    private static boolean hasChanged(Frame last, Frame now) {
        return last.smokeStep() != now.smokeStep()
                || last.isEnergised() != now.isEnergised()
                || isFar(last.trueCelsius(), now.trueCelsius())
                || isFar(last.sensedCelsius(), now.sensedCelsius())
                || IntStream.range(0, now.trueModules().size())
                        .anyMatch(
                                at ->
                                        isFar(last.trueModules().get(at), now.trueModules().get(at))
                                                || isFar(
                                                        last.sensedModules().get(at),
                                                        now.sensedModules().get(at)));
    }

    private static boolean isFar(int last, int now) {
        return Math.abs(last - now) >= CHANGE_KELVIN;
    }

    private Frame frame(RoomId room) {
        List<Integer> real =
                modules(room)
                        .map(it -> rounded(plant.hottestCelsius(it.string(), it.number())))
                        .toList();
        List<Integer> sensed =
                modules(room).map(it -> rounded(number(Role.MODULE_TEMPERATURE, it))).toList();
        var of = new Subject.OfRoom(room);
        boolean hasModules = failing.contains(room);
        return new Frame(
                most(real),
                most(sensed),
                rounded(1e4 * number(Role.ROOM_HYDROGEN, of)),
                rounded(number(Role.ROOM_LFL, of)),
                (int)
                        Stream.of(
                                        Role.ROOM_SMOKE_ALERT,
                                        Role.ROOM_SMOKE_ACTION,
                                        Role.ROOM_SMOKE_FIRE)
                                .filter(role -> number(role, of) > 0)
                                .count(),
                plant.isEnergised(room),
                hasModules ? real : List.of(),
                hasModules ? sensed : List.of());
    }

    private Stream<Subject.OfModule> modules(RoomId room) {
        return plant.site()
                .stringsIn(room)
                .flatMap(
                        string ->
                                IntStream.rangeClosed(1, string.modules())
                                        .mapToObj(
                                                module ->
                                                        new Subject.OfModule(string.id(), module)));
    }

    private static int most(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    private static int rounded(double number) {
        return (int) StrictMath.round(number);
    }

    private double number(Role role, Subject of) {
        return switch (plant.sense(role, of)) {
            case Value.Quantity(double number) -> number;
            case Value.Flag(boolean isSet) -> isSet ? 1 : 0;
            case Value.At position ->
                    throw new IllegalStateException(role + " of " + of + ": " + position);
        };
    }

    Film film() {
        List<RoomId> rooms = plant.site().batteryRooms();
        return new Film(
                shots.stream().map(Shot::at).toList(),
                IntStream.range(0, rooms.size())
                        .mapToObj(
                                at ->
                                        new OfRoom(
                                                rooms.get(at),
                                                failing.contains(rooms.get(at))
                                                        ? racks(rooms.get(at))
                                                        : List.of(),
                                                shots.stream()
                                                        .map(shot -> shot.rooms().get(at))
                                                        .toList()))
                        .toList());
    }

    private List<Rack> racks(RoomId room) {
        return plant.site().stringsIn(room).map(Camera::rack).toList();
    }

    private static Rack rack(BatteryString string) {
        NodeId id = string.id();
        return new Rack(id, string.modules());
    }
}
