package dev.bulkhead.simulator.lab;

import dev.bulkhead.agent.modbus.Bytes;
import dev.bulkhead.agent.modbus.LinkEffect;
import dev.bulkhead.agent.modbus.LinkEvent;
import dev.bulkhead.agent.modbus.LinkSession;
import dev.bulkhead.agent.modbus.LinkTimings;
import dev.bulkhead.rules.profile.Profile;
import dev.bulkhead.rules.signal.Observation;
import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.SignalId;
import dev.bulkhead.rules.signal.SignalTable;
import dev.bulkhead.rules.site.GatewayId;
import dev.bulkhead.rules.site.ProfileId;
import dev.bulkhead.rules.site.Site;
import dev.bulkhead.simulator.device.Answer;
import dev.bulkhead.simulator.device.SimulatedGateway;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/** An agent's link to one gateway, in virtual time. */
final class AgentLink {
    static final Instant START = Instant.parse("2026-01-15T06:00:00Z");

    private static final Duration FAST = Duration.ofSeconds(2);
    private static final Duration SLOW = Duration.ofSeconds(5);

    /** Who answers at the gateway, in frames of Modbus TCP. */
    interface Peer {
        byte[] answer(byte[] request, Instant now);

        static Peer of(SimulatedGateway gateway) {
            return (request, now) -> {
                var frame = (Answer.Frame) gateway.answer(ByteBuffer.wrap(request), now);
                byte[] bytes = new byte[frame.bytes().remaining()];
                frame.bytes().get(bytes);
                return bytes;
            };
        }
    }

    private AgentLink() {}

    /** What the link measures of each signal that it polls, after each block was read twice. */
    static SequencedMap<SignalId, Reading> readings(
            Site site, Map<ProfileId, Profile> profiles, GatewayId gateway, Peer peer) {
        SignalTable signals = SignalTable.of(site, profiles);
        LinkSession session =
                LinkSession.of(
                        site,
                        Site.known(site.gateways(), gateway),
                        profiles,
                        signals,
                        LinkTimings.proposed(FAST, SLOW),
                        START);
        SequencedMap<SignalId, Reading> readings = new LinkedHashMap<>();
        Instant end = START.plus(SLOW.multipliedBy(3));
        for (Instant now = START; now.isBefore(end); now = now.plusMillis(500)) {
            var effects = new ArrayDeque<>(session.on(new LinkEvent.Tick(), now));
            while (!effects.isEmpty()) {
                switch (effects.remove()) {
                    case LinkEffect.Connect _ ->
                            effects.addAll(session.on(new LinkEvent.Connected(), now));
                    case LinkEffect.Send(Bytes bytes) -> {
                        Bytes answer = Bytes.of(peer.answer(bytes.toArray(), now));
                        effects.addAll(session.on(new LinkEvent.Received(answer), now));
                    }
                    case LinkEffect.Sampled(var sample) -> {
                        for (Observation each : sample.observations()) {
                            readings.put(signals.get(each.signal()).id(), each.reading());
                        }
                    }
                    default -> {}
                }
            }
        }
        return readings;
    }
}
