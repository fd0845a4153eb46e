package dev.bulkhead.agent.bridge;

import dev.bulkhead.agent.peer.Secret;
import dev.bulkhead.agent.peer.Trust;
import java.time.Duration;
import java.util.Optional;

/**
 * A store and how to be known to it.
 *
 * @param bucket or database
 * @param org of InfluxDB 2; others don't ask
 * @param token of InfluxDB 2 and 3
 * @param user of InfluxDB 1, with its password
 * @param answer how long it may take to answer one write
 */
public record Store(
        Kind kind,
        String url,
        String bucket,
        Optional<String> org,
        Optional<Secret> token,
        Optional<String> user,
        Optional<Secret> password,
        Optional<Trust> trust,
        Duration answer) {

    /** What it is: how it is written to and asked. */
    public enum Kind {
        /** Writes by {@code /write}, asked in InfluxQL: InfluxDB before 1.8, and 1.8 too. */
        INFLUXDB1,
        /** Writes by {@code /api/v2/write}, asked in InfluxQL. */
        INFLUXDB2,
        /** As {@link #INFLUXDB2}. */
        INFLUXDB3,
        /** Writes as InfluxDB 2, asked in SQL. */
        QUESTDB,
        /** Writes as InfluxDB 2, asked for an export. It keeps no texts, and keeps duplicates. */
        VICTORIAMETRICS
    }

    /** As lines about it begin. */
    public String name() {
        return "store " + url + " (" + bucket + ")";
    }
}
