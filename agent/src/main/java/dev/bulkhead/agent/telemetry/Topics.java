package dev.bulkhead.agent.telemetry;

import dev.bulkhead.rules.alarm.AlarmId;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.RoomId;

/** The topics of one site, as {@code rules/NAMES.md} registers them. */
public record Topics(String site) {
    /** What a bridge subscribes to: the samples of every site. */
    public static final String ALL_SAMPLES = "bulkhead/+/sample/+";

    /** A site's own name may hold what has a meaning in a topic. */
    public Topics {
        site = escaped(site);
    }

    String sample(DeviceId device) {
        return "bulkhead/" + site + "/sample/" + escaped(device.value());
    }

    String alarm(AlarmId alarm) {
        return "bulkhead/" + site + "/alarm/" + escaped(alarm.value());
    }

    String room(RoomId room) {
        return "bulkhead/" + site + "/room/" + escaped(room.value());
    }

    String agent() {
        return "bulkhead/" + site + "/agent";
    }

    private static String escaped(String name) {
        return name.replace("%", "%25").replace("/", "%2F").replace("+", "%2B").replace("#", "%23");
    }
}
