/**
 * The devices of the simulated facility, as they are on the wire. A request's bytes come in, and
 * what the plant is at that instant; the bytes a real unit behind a real gateway would send go out,
 * or a fault's instead. Encodes by itself, from register maps, and never with the agent's decoders.
 * Holds no physics: what a sensor sees and what a breaker does is the {@link
 * dev.bulkhead.simulator.device.Truth}'s.
 *
 * <pre>
 *  socket ─► ModbusServer ─► SimulatedGateway ─► UnitImage ─► Truth
 *                                 │ faults           │ point faults
 *            ◄── Answer ◄─────────┘ ◄────────────────┘
 * </pre>
 */
@NullMarked
package dev.bulkhead.simulator.device;

import org.jspecify.annotations.NullMarked;
