package dev.bulkhead.rules.profile;

import dev.bulkhead.rules.profile.Profile.Block;
import dev.bulkhead.rules.profile.Profile.Extent;
import dev.bulkhead.rules.profile.Profile.Rate;
import dev.bulkhead.rules.profile.Profile.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The fewest requests that read what is wanted.
 *
 * <p>Going from the lowest address up, each request takes all that still fits. No other division
 * has fewer: whatever part of a request is left out, the rest of it is still allowed, so a request
 * that ends earlier never lets a later one reach further.
 */
final class ReadPlan {
    /** What is read in one request, and how often. */
    record Wanted(Extent extent, Rate rate) {}

    /**
     * What a request may be.
     *
     * @param mostRegisters in one request
     * @param mostBits in one request
     * @param bridge registers that nobody wants, between two that somebody wants, that are read
     *     rather than asked around
     * @param unreadable what no request may touch
     * @param borders addresses before which each request ends that doesn't begin there
     */
    record Limits(
            int mostRegisters,
            int mostBits,
            int bridge,
            List<Extent> unreadable,
            List<Integer> borders) {
        Limits {
            unreadable = List.copyOf(unreadable);
            borders = List.copyOf(borders);
        }

        Limits within(List<Integer> others) {
            return new Limits(mostRegisters, mostBits, bridge, unreadable, others);
        }

        int most(Table table) {
            return ProfileFile.isOfBits(table) ? mostBits : mostRegisters;
        }

        /** A register is sixteen bits on the wire, so sixteen bits cost what one register does. */
        private int bridge(Table table) {
            return ProfileFile.isOfBits(table) ? 16 * bridge : bridge;
        }

        boolean isReadable(Extent extent) {
            return unreadable.stream().noneMatch(extent::overlaps);
        }

        boolean isWithin(Extent extent) {
            return borders.stream()
                    .noneMatch(border -> extent.address() < border && border < extent.end());
        }

        private boolean allows(Extent extent, Extent next) {
            Extent whole = extent.with(next);
            return extent.table() == next.table()
                    && next.address() - extent.end() <= bridge(extent.table())
                    && whole.count() <= most(extent.table())
                    && isReadable(whole)
                    && isWithin(whole);
        }
    }

    private ReadPlan() {}

    /**
     * Joins what shares a register: nothing of it may be read without the rest. It is read as often
     * as that of it which is read most often.
     */
    static List<Wanted> joined(List<Wanted> wanted) {
        var joined = new ArrayList<Wanted>();
        for (Wanted next : sorted(wanted)) {
            if (!joined.isEmpty() && joined.getLast().extent().overlaps(next.extent())) {
                Wanted last = joined.removeLast();
                Rate rate = last.rate().compareTo(next.rate()) < 0 ? last.rate() : next.rate();
                joined.add(new Wanted(last.extent().with(next.extent()), rate));
            } else {
                joined.add(next);
            }
        }
        return List.copyOf(joined);
    }

    /**
     * The requests: fast ones first. What a faster request reads anyway is in no slower one.
     *
     * @param joined each alone within the limits
     */
    static List<Block> blocks(List<Wanted> joined, Limits limits) {
        var blocks = new ArrayList<Block>();
        for (Rate rate : Rate.values()) {
            List<Extent> left =
                    joined.stream()
                            .filter(wanted -> wanted.rate() == rate)
                            .map(Wanted::extent)
                            .filter(extent -> blocks.stream().noneMatch(extent::isIn))
                            .toList();
            requests(left, limits).stream()
                    .map(each -> new Block(each.table(), each.address(), each.count(), rate))
                    .forEach(blocks::add);
        }
        return List.copyOf(blocks);
    }

    private static List<Extent> requests(List<Extent> sorted, Limits limits) {
        var requests = new ArrayList<Extent>();
        for (Extent next : sorted) {
            if (!requests.isEmpty() && limits.allows(requests.getLast(), next)) {
                requests.add(requests.removeLast().with(next));
            } else {
                requests.add(next);
            }
        }
        return requests;
    }

    private static List<Wanted> sorted(List<Wanted> wanted) {
        return wanted.stream()
                .sorted(
                        Comparator.comparing((Wanted each) -> each.extent().table())
                                .thenComparingInt(each -> each.extent().address())
                                .thenComparingInt(each -> each.extent().count()))
                .toList();
    }
}
