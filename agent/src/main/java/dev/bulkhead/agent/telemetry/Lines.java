package dev.bulkhead.agent.telemetry;

import com.influxdb.client.domain.WritePrecision;
import com.influxdb.client.write.Point;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.Sample;
import dev.bulkhead.rules.signal.Signal;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.signal.Value;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.rules.site.Subject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Samples as line protocol: one point for each thing a sample is of, and one for the sample itself,
 * by which it is counted. Measurements, tags and fields stand in {@code rules/NAMES.md}. A role
 * {@code rack.voltage} is field {@code voltage} of measurement {@code rack}; a number is a float, a
 * flag a boolean, a position a text, whatever their value.
 *
 * <pre>
 *   rack,device=A1-S01-bms,room=A1,site=two-rooms,subject=A1-S01 current=0.4,…,quality="good",sequence=7i 1764…
 *   poll,device=A1-S01-bms,gateway=A1-bms,site=two-rooms interval=1.002,measured=12i,quality="good",run=1764…i,sequence=7i,signals=12i 1764…
 * </pre>
 */
final class Lines {
    /** The measurement that has one point for each sample. */
    static final String POLL = "poll";

    /** How much of a point's signals was measured. */
    private enum Quality {
        GOOD("good"),
        PARTIAL("partial"),
        INVALID("invalid");

        private final String text;

        Quality(String text) {
            this.text = text;
        }

        static Quality of(int measured, int signals) {
            if (measured == signals) {
                return GOOD;
            }
            return measured == 0 ? INVALID : PARTIAL;
        }
    }

    /**
     * What a signal's point is of.
     *
     * @param point of the device, where the device says the same of one thing more than once
     */
    private record Place(String measurement, Subject of, Optional<String> point) {}

    private final String site;
    private final SignalTable signals;
    private final SequencedMap<DeviceId, GatewayId> gateways = new LinkedHashMap<>();
    private final List<Place> places = new ArrayList<>();

    Lines(Site site, SignalTable signals) {
        this.site = site.name();
        this.signals = signals;
        site.devices().values().forEach(device -> gateways.put(device.id(), device.gateway()));
        signals.all().forEach(signal -> places.add(place(signal)));
    }

    private Place place(Signal signal) {
        boolean isOneOfSeveral =
                signals.of(signal.of(), signal.role()).stream()
                                .filter(other -> other.device().equals(signal.device()))
                                .count()
                        > 1;
        return new Place(
                measurement(signal.role()),
                signal.of(),
                isOneOfSeveral ? Optional.of(signal.point()) : Optional.empty());
    }

    /**
     * A sample's points, a line each.
     *
     * @param run when the agent started, in milliseconds since 1970
     * @param at the wall clock's time of the sample
     */
    String of(Sample sample, long run, Instant at) {
        Map<Place, List<Observation>> grouped = new LinkedHashMap<>();
        for (Observation observation : sample.observations()) {
            grouped.computeIfAbsent(places.get(observation.signal()), _ -> new ArrayList<>())
                    .add(observation);
        }
        var lines = new StringBuilder();
        grouped.forEach(
                (place, observations) ->
                        lines.append(
                                        point(place, observations, sample)
                                                .time(at, WritePrecision.NS)
                                                .toLineProtocol())
                                .append('\n'));
        return lines.append(itself(sample, run).time(at, WritePrecision.NS).toLineProtocol())
                .toString();
    }

    private Point point(Place place, List<Observation> observations, Sample sample) {
        Signal first = signals.get(observations.getFirst().signal());
        Point point =
                Point.measurement(place.measurement())
                        .addTag("site", site)
                        .addTag("room", first.room().value())
                        .addTag("subject", name(place.of()))
                        .addTag("device", sample.device().value());
        place.point().ifPresent(name -> point.addTag("point", name));
        int measured = 0;
        var why = new ArrayList<String>();
        for (Observation observation : observations) {
            String field = field(signals.get(observation.signal()).role());
            switch (observation.reading()) {
                case Reading.Measured(Instant _, long _, Value value) -> {
                    put(point, field, value);
                    measured++;
                }
                case Reading.Invalid(Instant _, long _, String reason) ->
                        why.add(field + ": " + reason);
                case Reading.Silent _ -> why.add(field + ": silent");
            }
        }
        if (!why.isEmpty()) {
            // A line end inside a text is legal, and not every consumer of lines knows that.
            point.addField("why", String.join("; ", why).replaceAll("\\p{Cntrl}", " "));
        }
        return point.addField("quality", Quality.of(measured, observations.size()).text)
                .addField("sequence", sample.sequence());
    }

    private static void put(Point point, String field, Value value) {
        switch (value) {
            case Value.Quantity(double number) -> point.addField(field, number);
            case Value.Flag(boolean isSet) -> point.addField(field, isSet);
            case Value.At(var position) -> point.addField(field, position.name());
        }
    }

    /** The point by which a sample is counted. */
    private Point itself(Sample sample, long run) {
        int measured =
                (int)
                        sample.observations().stream()
                                .filter(one -> one.reading() instanceof Reading.Measured)
                                .count();
        int all = sample.observations().size();
        Point point =
                Point.measurement(POLL)
                        .addTag("site", site)
                        .addTag("gateway", Site.known(gateways, sample.device()).value())
                        .addTag("device", sample.device().value())
                        .addField("run", run)
                        .addField("sequence", sample.sequence())
                        .addField("signals", all)
                        .addField("measured", measured)
                        .addField("quality", Quality.of(measured, all).text);
        sample.interval().ifPresent(time -> point.addField("interval", time.toNanos() / 1e9));
        return point;
    }

    static String measurement(Role role) {
        return role.text().substring(0, role.text().indexOf('.'));
    }

    static String field(Role role) {
        return role.text().substring(role.text().indexOf('.') + 1);
    }

    private static String name(Subject of) {
        return switch (of) {
            case Subject.OfRoom(var room) -> room.value();
            case Subject.OfNode _, Subject.OfModule _, Subject.OfBreaker _ -> of.toString();
        };
    }
}
