package dev.bulkhead.rules.site;

/** Names a device that speaks Modbus. */
public record DeviceId(String value) implements Comparable<DeviceId> {
    public DeviceId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a DeviceId is not blank");
        }
    }

    @Override
    public int compareTo(DeviceId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
