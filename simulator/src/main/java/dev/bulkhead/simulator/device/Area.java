package dev.bulkhead.simulator.device;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * One of Modbus's four tables of one unit. In the two bit tables a word is one bit.
 *
 * <p>Cells may share a word, as status bits do; each fills only the bits of its mask. What no cell
 * fills keeps its blank.
 */
final class Area {
    /**
     * One value.
     *
     * @param mask for each word the bits that are this cell's
     * @param words what they hold at an instant
     */
    private record Cell(int address, List<Integer> mask, Function<Instant, int[]> words) {
        Cell {
            mask = List.copyOf(mask);
        }

        int end() {
            return address + mask.size();
        }
    }

    private final NavigableMap<Integer, Integer> blanks = new TreeMap<>();
    private final NavigableMap<Integer, List<Cell>> cells = new TreeMap<>();
    private int longest = 1;

    /** Makes addresses readable; those that are already, keep what they hold. */
    void blank(int address, int count) {
        for (int at = address; at < address + count; at++) {
            blanks.putIfAbsent(at, 0);
        }
    }

    /** Makes addresses readable, holding this where no cell is. */
    void blank(int address, int[] words) {
        for (int at = 0; at < words.length; at++) {
            blanks.put(address + at, words[at]);
        }
    }

    /** What an address holds where no cell is; empty where it can't be read. */
    Optional<Integer> blankAt(int address) {
        return Optional.ofNullable(blanks.get(address));
    }

    void add(int address, List<Integer> mask, Function<Instant, int[]> words) {
        blank(address, mask.size());
        for (int at = 0; at < mask.size(); at++) {
            blanks.merge(address + at, ~mask.get(at), (left, right) -> left & right);
        }
        cells.computeIfAbsent(address, _ -> new ArrayList<>()).add(new Cell(address, mask, words));
        longest = Math.max(longest, mask.size());
    }

    /** What these addresses hold; empty if one of them can't be read. */
    Optional<int[]> read(int address, int count, Instant now) {
        return blanks.subMap(address, true, address + count, false).size() == count
                ? Optional.of(words(address, count, now))
                : Optional.empty();
    }

    /** As {@link #read}, but of those that can't be read only the first matters; others are 0. */
    Optional<int[]> readFilled(int address, int count, Instant now) {
        return blanks.containsKey(address)
                ? Optional.of(words(address, count, now))
                : Optional.empty();
    }

    private int[] words(int address, int count, Instant now) {
        int[] words = new int[count];
        blanks.subMap(address, true, address + count, false)
                .forEach((at, blank) -> words[at - address] = blank);
        for (List<Cell> here :
                cells.subMap(address - longest + 1, true, address + count, false).values()) {
            here.stream()
                    .filter(cell -> cell.end() > address)
                    .forEach(cell -> fill(words, address, cell, now));
        }
        return words;
    }

    private static void fill(int[] words, int address, Cell cell, Instant now) {
        int[] held = cell.words().apply(now);
        for (int at = 0; at < held.length; at++) {
            int place = cell.address() + at - address;
            if (place >= 0 && place < words.length) {
                words[place] |= held[at] & cell.mask().get(at);
            }
        }
    }
}
