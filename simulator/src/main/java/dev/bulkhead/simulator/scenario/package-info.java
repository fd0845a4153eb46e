/**
 * What happens when. A scenario file comes in, read against the site it is about; a {@link
 * dev.bulkhead.simulator.scenario.Scenario} goes out, or all its mistakes. A {@link
 * dev.bulkhead.simulator.scenario.Player} lets it befall a plant as time goes by, whoever drives
 * the time, and tells afterwards what truly happened. Nothing is judged here, and a policy that
 * needs no agent is played in process, on the plant alone.
 */
@NullMarked
package dev.bulkhead.simulator.scenario;

import org.jspecify.annotations.NullMarked;
