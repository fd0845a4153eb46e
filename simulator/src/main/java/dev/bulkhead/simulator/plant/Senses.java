package dev.bulkhead.simulator.plant;

import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.NodeId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import java.util.Comparator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** What a perfect register behind each real sensor shows, role by role. */
final class Senses {
    /** A sound insulation; one burning rack leaves far less. Assumptions. */
    private static final double INSULATION_KILOOHMS = 2000;

    private static final double BURNT_INSULATION_KILOOHMS = 40;

    private final Plant.Parts parts;

    Senses(Plant.Parts parts) {
        this.parts = parts;
    }

    Value sense(Role role, Subject of, long now) {
        return switch (of) {
            case Subject.OfRoom(var room) -> ofRoom(role, Site.known(parts.rooms(), room));
            case Subject.OfModule(var string, int module) ->
                    ofModule(role, Site.known(parts.strings(), string), module);
            case Subject.OfBreaker(var breaker) ->
                    ofBreaker(role, Site.known(parts.breakers(), parts.wiredAt(breaker)));
            case Subject.OfNode(var node) -> ofNode(role, node, now);
        };
    }

    private Value ofNode(Role role, NodeId node, long now) {
        return switch (role.of()) {
            case RACK -> ofRack(role, Site.known(parts.strings(), node));
            case BUSBAR -> ofBusbar(role, Site.known(parts.busbars(), node), now);
            case UPS -> ofUps(role, Site.known(parts.ups(), node), now);
            case ROOM, MODULE, BREAKER -> throw mismatch(role);
        };
    }

    private static IllegalArgumentException mismatch(Role role) {
        return new IllegalArgumentException(role + " is of a " + role.of());
    }

    private static Value number(double number) {
        return new Value.Quantity(number);
    }

    private static Value flag(boolean isSet) {
        return new Value.Flag(isSet);
    }

    private static IntStream modules(StringState string) {
        return IntStream.rangeClosed(1, string.string().modules());
    }

    private Value ofRack(Role role, StringState string) {
        return switch (role) {
            case RACK_VOLTAGE -> number(string.volts());
            case RACK_CURRENT -> number(parts.sensedAmperes(string));
            case RACK_CELL_VOLTAGE_MIN ->
                    number(modules(string).mapToDouble(string::moduleLowestVolts).min().orElse(0));
            case RACK_CELL_VOLTAGE_MAX ->
                    number(modules(string).mapToDouble(string::moduleHighestVolts).max().orElse(0));
            case RACK_CELL_VOLTAGE_AVERAGE ->
                    number(
                            modules(string)
                                    .mapToDouble(string::moduleMeanVolts)
                                    .average()
                                    .orElse(0));
            case RACK_TEMPERATURE_MAX -> number(hottest(string));
            case RACK_TEMPERATURE_MIN ->
                    number(modules(string).mapToDouble(string::moduleCelsius).min().orElse(0));
            case RACK_TEMPERATURE_AVERAGE ->
                    number(modules(string).mapToDouble(string::moduleCelsius).average().orElse(0));
            case RACK_STATE_OF_CHARGE -> number(string.chargePercent());
            case RACK_CONTACTOR_CLOSED -> flag(parts.breakerOf(string).conducts());
            case RACK_OFF_GAS ->
                    flag(!string.isSilent() && room(string).hasOffGas(string.string().id()));
            case RACK_OFF_GAS_FAULT -> flag(string.isSilent());
            default -> throw mismatch(role);
        };
    }

    private RoomState room(StringState string) {
        return Site.known(parts.rooms(), string.string().room());
    }

    private static double hottest(StringState string) {
        return modules(string).mapToDouble(string::moduleCelsius).max().orElse(0);
    }

    private Value ofModule(Role role, StringState string, int module) {
        return switch (role) {
            case MODULE_TEMPERATURE -> number(string.moduleCelsius(module));
            case MODULE_CELL_VOLTAGE_MIN -> number(string.moduleLowestVolts(module));
            case MODULE_CELL_VOLTAGE_AVERAGE -> number(string.moduleMeanVolts(module));
            default -> throw mismatch(role);
        };
    }

    private Value ofBusbar(Role role, BusbarState busbar, long now) {
        return switch (role) {
            case BANK_VOLTAGE, BUSBAR_VOLTAGE -> number(busbar.voltsAt(now));
            case BANK_CURRENT -> number(bankAmperes(busbar));
            case BANK_STATE_OF_CHARGE -> number(mean(busbar, StringState::chargePercent));
            case BANK_STRINGS_CONNECTED -> number(busbar.connected());
            case BANK_TEMPERATURE_MAX ->
                    number(
                            busbar.branches().stream()
                                    .map(BusbarState.Branch::string)
                                    .map(Senses::hottest)
                                    .max(Comparator.naturalOrder())
                                    .orElse(0.0));
            case BANK_HEARTBEAT -> number((double) (now / 1_000_000_000 % 65536));
            case BUSBAR_INSULATION -> number(insulation(busbar));
            default -> throw mismatch(role);
        };
    }

    private static double insulation(BusbarState busbar) {
        boolean hasBurnt =
                busbar.branches().stream()
                        .anyMatch(branch -> branch.string().hasBurnt() && branch.isConnected());
        double sound = hasBurnt ? BURNT_INSULATION_KILOOHMS : INSULATION_KILOOHMS;
        return Math.min(sound, busbar.leakageKiloohms());
    }

    private double bankAmperes(BusbarState busbar) {
        double sum = 0;
        for (BusbarState.Branch branch : busbar.branches()) {
            sum += parts.sensedAmperes(branch.string());
        }
        return sum;
    }

    private static double mean(BusbarState busbar, ToDoubleFunction<StringState> of) {
        return busbar.branches().stream()
                .map(BusbarState.Branch::string)
                .mapToDouble(of)
                .average()
                .orElse(0);
    }

    private Value ofRoom(Role role, RoomState room) {
        RoomAir air = room.air();
        return switch (role) {
            case ROOM_OFF_GAS_REFERENCE -> flag(air.hasOffGasInRoom());
            case ROOM_SMOKE_ALERT -> flag(air.hasAlerted());
            case ROOM_SMOKE_ACTION -> flag(air.hasActed());
            case ROOM_SMOKE_FIRE -> flag(air.hasFired());
            case ROOM_SMOKE_FAULT, ROOM_DOOR_OPEN, ROOM_AGENT_ABORTED -> flag(false);
            case ROOM_HYDROGEN -> number(air.hydrogenPercent());
            case ROOM_LFL -> number(air.flammablePercent());
            case ROOM_HEAT -> flag(air.hasHeated());
            case ROOM_LEAK -> flag(room.hasLeak());
            case ROOM_FAN_RUNNING -> flag(air.isFanRunning());
            case ROOM_DAMPER_OPEN -> flag(!air.hasDischarged());
            case ROOM_AGENT_DISCHARGED -> flag(air.hasDischarged());
            case ROOM_TEMPERATURE -> number(Math.min(400, air.celsius()));
            case ROOM_HUMIDITY -> number(parts.settings().air().humidityPercent());
            default -> throw mismatch(role);
        };
    }

    private Value ofUps(Role role, UpsState ups, long now) {
        return switch (role) {
            case UPS_RECTIFIER_INPUT -> flag(ups.hasInput());
            case UPS_INVERTER_ON, UPS_LOAD_ON_INVERTER -> flag(ups.isOnInverter());
            case UPS_ON_BYPASS -> flag(ups.mode() == UpsState.Mode.BYPASS);
            case UPS_ON_BATTERY -> flag(ups.mode() == UpsState.Mode.BATTERY);
            case UPS_BATTERY_CIRCUIT_OPEN ->
                    flag(ups.busbars().stream().noneMatch(BusbarState::backsUps));
            case UPS_BATTERY_ROOM_ALARM ->
                    flag(
                            ups.busbars().stream()
                                    .map(busbar -> busbar.busbar().room())
                                    .map(room -> Site.known(parts.rooms(), room).air())
                                    .anyMatch(air -> air.hasFired() || air.hasHeated()));
            case UPS_LOAD_PERCENT -> number(Math.min(300, ups.loadShare() * 100));
            case UPS_BATTERY_VOLTAGE -> number(batteryVolts(ups, now));
            case UPS_BATTERY_CURRENT ->
                    number(
                            ups.busbars().stream()
                                    .filter(BusbarState::isOuterClosed)
                                    .mapToDouble(this::bankAmperes)
                                    .sum());
            default -> throw mismatch(role);
        };
    }

    /** At the UPS's own terminals: its rectifier's voltage goes on when the outer breaker opens. */
    private static double batteryVolts(UpsState ups, long now) {
        for (BusbarState busbar : ups.busbars()) {
            if (busbar.isOuterClosed()) {
                return busbar.voltsAt(now);
            }
        }
        return ups.rectifies() && !ups.busbars().isEmpty()
                ? ups.busbars().getFirst().floatVolts()
                : 0;
    }

    private Value ofBreaker(Role role, BreakerGear breaker) {
        return switch (role) {
            case BREAKER_POSITION -> new Value.At(breaker.shown());
            case BREAKER_TRIPPED -> flag(breaker.hasTripped());
            case BREAKER_LOCAL -> flag(breaker.isLocal());
            case BREAKER_RACKED_IN -> flag(breaker.isRackedIn());
            case BREAKER_TRIP_CIRCUIT_HEALTHY -> flag(breaker.isTripCircuitWhole());
            case BREAKER_CONTROL_SUPPLY_HEALTHY -> flag(breaker.isSupplied());
            default -> throw mismatch(role);
        };
    }
}
