package dev.bulkhead.agent.bridge;

import dev.bulkhead.agent.peer.Broker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How one bridge runs: {@code bridge.yaml} as understood.
 *
 * @param topic filter of the messages it takes
 * @param share group of bridges that share the messages; empty: this one takes all
 * @param deadLetter where refused lines go
 * @param deadLetterBytes how much room they may take
 * @param batchLines how many lines go to the store in one write at most
 * @param linger how long a message may wait for others to be written with
 */
public record BridgeSettings(
        Broker broker,
        String topic,
        Optional<String> share,
        Store store,
        Path deadLetter,
        long deadLetterBytes,
        int batchLines,
        Duration linger) {

    /** What is subscribed to. */
    String filter() {
        return share.map(group -> "$share/" + group + "/" + topic).orElse(topic);
    }
}
