package dev.bulkhead.agent;

import java.nio.file.Path;

/** The sites that come with the simulator, as files. */
final class Sites {
    private static final Path ALL = Path.of("../simulator/src/main/sites");
    static final Path TWO_ROOMS = ALL.resolve("two-rooms/site.yaml");
    static final Path PANGYO_2022 = ALL.resolve("pangyo-2022/site.yaml");
    static final Path PANGYO_REBUILT = ALL.resolve("pangyo-rebuilt/site.yaml");

    private Sites() {}
}
