package dev.bulkhead.agent.control;

import dev.bulkhead.rules.signal.Reading;
import dev.bulkhead.rules.signal.SignalId;
import dev.bulkhead.rules.site.DeviceId;
import dev.bulkhead.rules.site.Role;
import java.time.Duration;

/**
 * What is known of a signal, and how often it is read.
 *
 * @param reading the newest
 * @param whySilent why nothing is heard of its device; empty: it is, or nobody knows
 * @param interval between the last two polls of it; zero: there weren't two
 * @param longest of these intervals in the last ten to twenty minutes; zero: there was none
 */
public record SignalView(
        SignalId signal,
        DeviceId device,
        Role role,
        Reading reading,
        String whySilent,
        Duration interval,
        Duration longest) {}
