package dev.bulkhead.agent.modbus;

import dev.bulkhead.rules.profile.Profile.Block;
import dev.bulkhead.rules.profile.Profile.Extent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The requests by which one block is read. One, until the device refuses it: then halves, and
 * halves of these, until what it won't give is found; then what lies between is read in as few
 * requests as it takes. Values are never taken apart. No time and no I/O.
 *
 * <pre>
 *   [abcdefgh]  refused   [abcd] [efgh]   d is bad    [abc] [d] [efgh]   asked: abc, efgh
 *               ───────►  [ab] [cd] ...   ───────►                       now and then: d
 * </pre>
 *
 * A device that gives every part but not the whole, because a register between them is missing or
 * its answers are short, goes on being asked for the parts. One that gives no part is asked for the
 * whole again, as before.
 */
final class BlockParts {
    private enum State {
        GOOD,
        /** Not yet answered, since it was cut out of or put together from others. */
        SUSPECT,
        /** One value, refused. */
        BAD
    }

    private record Part(Block block, State state) {}

    private final Block whole;
    private final List<Extent> values;
    private final Set<Extent> refused = new HashSet<>();
    private final Map<Block, Integer> refusals = new HashMap<>();
    private List<Part> parts;
    private boolean isRefused;

    /**
     * A block that was never refused.
     *
     * @param indivisible what is never taken apart, by address; what of it isn't in the block
     *     doesn't count
     */
    BlockParts(Block whole, List<Extent> indivisible) {
        this.whole = whole;
        this.values = indivisible.stream().filter(each -> each.isIn(whole)).toList();
        this.parts = List.of(new Part(whole, State.GOOD));
    }

    Block whole() {
        return whole;
    }

    boolean covers(Block block) {
        return block.rate() == whole.rate() && block.extent().isIn(whole);
    }

    /** Whether it is read in one request, which the device didn't refuse when last asked. */
    boolean isPlain() {
        return parts.size() == 1 && parts.getFirst().state() == State.GOOD && !isRefused;
    }

    /** What to ask for, by address. */
    List<Block> blocks() {
        return parts.stream().map(Part::block).toList();
    }

    boolean isSuspect(Block block) {
        return !isPlain() && parts.contains(new Part(block, State.SUSPECT));
    }

    boolean isBad(Block block) {
        return !isPlain() && parts.contains(new Part(block, State.BAD));
    }

    /** Whether nothing is being looked for. */
    boolean isSettled() {
        return parts.stream().noneMatch(part -> part.state() == State.SUSPECT);
    }

    /** What the device doesn't give: some values, or all there is. */
    List<Block> missing() {
        if (isRefused) {
            return List.of(whole);
        }
        return parts.stream().filter(part -> part.state() == State.BAD).map(Part::block).toList();
    }

    /** How often this was refused since it was last answered. */
    int refusals(Block block) {
        return refusals.getOrDefault(block, 0);
    }

    void answered(Block block) {
        if (isSettled() && !isBad(block) && !isRefused) {
            return;
        }
        refusals.remove(block);
        isRefused = false;
        if (isBad(block)) {
            refused.removeIf(range -> range.overlaps(block.extent()));
        }
        replace(block, List.of(new Part(block, State.GOOD)));
        settle();
    }

    void refused(Block block) {
        List<Extent> inside = values.stream().filter(each -> each.isIn(block)).toList();
        refused.add(block.extent());
        if (inside.size() > 1) {
            int middle = inside.size() / 2;
            replace(
                    block,
                    List.of(
                            suspect(inside.subList(0, middle)),
                            suspect(inside.subList(middle, inside.size()))));
        } else {
            refusals.merge(block, 1, Integer::sum);
            replace(block, List.of(new Part(block, State.BAD)));
        }
        settle();
    }

    private Part suspect(List<Extent> extents) {
        Extent hull = extents.getFirst().with(extents.getLast());
        return new Part(
                new Block(hull.table(), hull.address(), hull.count(), whole.rate()), State.SUSPECT);
    }

    private void replace(Block block, List<Part> by) {
        var replaced = new ArrayList<Part>();
        for (Part part : parts) {
            if (part.block().equals(block)) {
                replaced.addAll(by);
            } else {
                replaced.add(part);
            }
        }
        parts = List.copyOf(replaced);
    }

    private void settle() {
        if (!isSettled()) {
            return;
        }
        if (parts.stream().allMatch(part -> part.state() == State.BAD)) {
            giveUp();
        } else {
            join();
        }
    }

    private void giveUp() {
        parts = List.of(new Part(whole, State.GOOD));
        refused.clear();
        refusals.keySet().retainAll(Set.of(whole));
        if (values.size() > 1) {
            refusals.merge(whole, 1, Integer::sum);
        }
        isRefused = true;
    }

    /** Puts neighbours together, unless the device has refused just that. */
    private void join() {
        var joined = new ArrayList<Part>();
        for (Part next : parts) {
            if (!joined.isEmpty() && canJoin(joined.getLast(), next)) {
                Part last = joined.removeLast();
                joined.add(suspect(List.of(last.block().extent(), next.block().extent())));
            } else {
                joined.add(next);
            }
        }
        parts = List.copyOf(joined);
    }

    private boolean canJoin(Part last, Part next) {
        Extent hull = last.block().extent().with(next.block().extent());
        return last.state() != State.BAD
                && next.state() != State.BAD
                && refused.stream().noneMatch(hull::contains);
    }
}
