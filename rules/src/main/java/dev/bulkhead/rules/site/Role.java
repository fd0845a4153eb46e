package dev.bulkhead.rules.site;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a signal means, whatever register it comes from. Rules are written over roles, so that one
 * pack fits any site. A value outside {@code low..high} is no measurement.
 */
public enum Role {
    RACK_VOLTAGE("rack.voltage", Of.RACK, Type.NUMBER, "V", 0, 1000),
    /** Charging positive. */
    RACK_CURRENT("rack.current", Of.RACK, Type.NUMBER, "A", -1000, 1000),
    RACK_CELL_VOLTAGE_MIN("rack.cellVoltageMin", Of.RACK, Type.NUMBER, "V", 0, 5),
    RACK_CELL_VOLTAGE_MAX("rack.cellVoltageMax", Of.RACK, Type.NUMBER, "V", 0, 5),
    RACK_CELL_VOLTAGE_AVERAGE("rack.cellVoltageAverage", Of.RACK, Type.NUMBER, "V", 0, 5),
    RACK_TEMPERATURE_MAX("rack.temperatureMax", Of.RACK, Type.NUMBER, "°C", -40, 250),
    RACK_TEMPERATURE_MIN("rack.temperatureMin", Of.RACK, Type.NUMBER, "°C", -40, 250),
    RACK_TEMPERATURE_AVERAGE("rack.temperatureAverage", Of.RACK, Type.NUMBER, "°C", -40, 250),
    RACK_STATE_OF_CHARGE("rack.stateOfCharge", Of.RACK, Type.NUMBER, "%", 0, 100),
    RACK_CONTACTOR_CLOSED("rack.contactorClosed", Of.RACK, Type.FLAG, "", 0, 1),
    RACK_OFF_GAS("rack.offGas", Of.RACK, Type.FLAG, "", 0, 1),
    RACK_OFF_GAS_FAULT("rack.offGasFault", Of.RACK, Type.FLAG, "", 0, 1),

    MODULE_TEMPERATURE("module.temperature", Of.MODULE, Type.NUMBER, "°C", -40, 250),
    MODULE_CELL_VOLTAGE_MIN("module.cellVoltageMin", Of.MODULE, Type.NUMBER, "V", 0, 5),
    MODULE_CELL_VOLTAGE_AVERAGE("module.cellVoltageAverage", Of.MODULE, Type.NUMBER, "V", 0, 5),

    /** The battery bank behind one busbar, as its BMS reports it. */
    BANK_VOLTAGE("bank.voltage", Of.BUSBAR, Type.NUMBER, "V", 0, 1000),
    BANK_CURRENT("bank.current", Of.BUSBAR, Type.NUMBER, "A", -10000, 10000),
    BANK_STATE_OF_CHARGE("bank.stateOfCharge", Of.BUSBAR, Type.NUMBER, "%", 0, 100),
    BANK_STRINGS_CONNECTED("bank.stringsConnected", Of.BUSBAR, Type.NUMBER, "1", 0, 1000),
    BANK_TEMPERATURE_MAX("bank.temperatureMax", Of.BUSBAR, Type.NUMBER, "°C", -40, 250),
    BANK_HEARTBEAT("bank.heartbeat", Of.BUSBAR, Type.NUMBER, "1", 0, 65535),

    /** Measured by a transducer of its own between outer and string breakers: the proof. */
    BUSBAR_VOLTAGE("busbar.voltage", Of.BUSBAR, Type.NUMBER, "V", -5, 1000),
    BUSBAR_INSULATION("busbar.insulation", Of.BUSBAR, Type.NUMBER, "kΩ", 0, 100000),

    ROOM_OFF_GAS_REFERENCE("room.offGasReference", Of.ROOM, Type.FLAG, "", 0, 1),
    ROOM_SMOKE_ALERT("room.smokeAlert", Of.ROOM, Type.FLAG, "", 0, 1),
    ROOM_SMOKE_ACTION("room.smokeAction", Of.ROOM, Type.FLAG, "", 0, 1),
    ROOM_SMOKE_FIRE("room.smokeFire", Of.ROOM, Type.FLAG, "", 0, 1),
    ROOM_SMOKE_FAULT("room.smokeFault", Of.ROOM, Type.FLAG, "", 0, 1),
    ROOM_HYDROGEN("room.hydrogen", Of.ROOM, Type.NUMBER, "%", -1, 100),
    ROOM_LFL("room.lfl", Of.ROOM, Type.NUMBER, "% LFL", -5, 200),
    ROOM_HEAT("room.heat", Of.ROOM, Type.FLAG, "", 0, 1),
    ROOM_LEAK("room.leak", Of.ROOM, Type.FLAG, "", 0, 1),
    ROOM_DOOR_OPEN("room.doorOpen", Of.ROOM, Type.FLAG, "", 0, 1),
    ROOM_FAN_RUNNING("room.fanRunning", Of.ROOM, Type.FLAG, "", 0, 1),
    ROOM_DAMPER_OPEN("room.damperOpen", Of.ROOM, Type.FLAG, "", 0, 1),
    ROOM_AGENT_DISCHARGED("room.agentDischarged", Of.ROOM, Type.FLAG, "", 0, 1),
    ROOM_AGENT_ABORTED("room.agentAborted", Of.ROOM, Type.FLAG, "", 0, 1),
    ROOM_TEMPERATURE("room.temperature", Of.ROOM, Type.NUMBER, "°C", -40, 400),
    ROOM_HUMIDITY("room.humidity", Of.ROOM, Type.NUMBER, "%", 0, 100),

    UPS_RECTIFIER_INPUT("ups.rectifierInput", Of.UPS, Type.FLAG, "", 0, 1),
    UPS_INVERTER_ON("ups.inverterOn", Of.UPS, Type.FLAG, "", 0, 1),
    UPS_LOAD_ON_INVERTER("ups.loadOnInverter", Of.UPS, Type.FLAG, "", 0, 1),
    UPS_ON_BYPASS("ups.onBypass", Of.UPS, Type.FLAG, "", 0, 1),
    UPS_ON_BATTERY("ups.onBattery", Of.UPS, Type.FLAG, "", 0, 1),
    UPS_BATTERY_CIRCUIT_OPEN("ups.batteryCircuitOpen", Of.UPS, Type.FLAG, "", 0, 1),
    UPS_BATTERY_ROOM_ALARM("ups.batteryRoomAlarm", Of.UPS, Type.FLAG, "", 0, 1),
    UPS_LOAD_PERCENT("ups.loadPercent", Of.UPS, Type.NUMBER, "%", 0, 300),
    UPS_BATTERY_VOLTAGE("ups.batteryVoltage", Of.UPS, Type.NUMBER, "V", 0, 1000),
    /** Charging positive. */
    UPS_BATTERY_CURRENT("ups.batteryCurrent", Of.UPS, Type.NUMBER, "A", -10000, 10000),

    BREAKER_POSITION("breaker.position", Of.BREAKER, Type.POSITION, "", 0, 0),
    BREAKER_TRIPPED("breaker.tripped", Of.BREAKER, Type.FLAG, "", 0, 1),
    BREAKER_LOCAL("breaker.local", Of.BREAKER, Type.FLAG, "", 0, 1),
    BREAKER_RACKED_IN("breaker.rackedIn", Of.BREAKER, Type.FLAG, "", 0, 1),
    BREAKER_TRIP_CIRCUIT_HEALTHY("breaker.tripCircuitHealthy", Of.BREAKER, Type.FLAG, "", 0, 1),
    BREAKER_CONTROL_SUPPLY_HEALTHY("breaker.controlSupplyHealthy", Of.BREAKER, Type.FLAG, "", 0, 1);

    /** The kind of thing a role belongs to. */
    public enum Of {
        ROOM,
        RACK,
        MODULE,
        BUSBAR,
        UPS,
        BREAKER
    }

    /** The kind of value a role has. */
    public enum Type {
        NUMBER("a number"),
        FLAG("a yes or no"),
        POSITION("a breaker's position");

        private final String words;

        Type(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    private final String text;
    private final Of of;
    private final Type type;
    private final String unit;
    private final double low;
    private final double high;

    Role(String text, Of of, Type type, String unit, double low, double high) {
        this.text = text;
        this.of = of;
        this.type = type;
        this.unit = unit;
        this.low = low;
        this.high = high;
    }

    /** The name in files and expressions, as in {@code rack.cellVoltageMin}. */
    public String text() {
        return text;
    }

    public Of of() {
        return of;
    }

    public Type type() {
        return type;
    }

    public String unit() {
        return unit;
    }

    /** The lowest number a real device can mean. */
    public double low() {
        return low;
    }

    /** The highest number a real device can mean. */
    public double high() {
        return high;
    }

    /** Every role's name. */
    public static List<String> texts() {
        return Arrays.stream(values()).map(Role::text).toList();
    }

    public static Optional<Role> named(String text) {
        return Arrays.stream(values()).filter(role -> role.text.equals(text)).findFirst();
    }

    /** What to say of a name that is no role's. */
    public static String unknown(String text) {
        return "there is no role '%s'%s".formatted(text, Document.nearest(text, texts()));
    }

    @Override
    public String toString() {
        return text;
    }
}
