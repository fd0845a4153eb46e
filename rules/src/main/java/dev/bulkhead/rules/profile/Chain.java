package dev.bulkhead.rules.profile;

import dev.bulkhead.rules.profile.Profile.Block;
import dev.bulkhead.rules.profile.Profile.Extent;
import dev.bulkhead.rules.profile.Profile.Group;
import dev.bulkhead.rules.profile.Profile.Identity;
import dev.bulkhead.rules.profile.Profile.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The models of a SunSpec device in the order of their addresses, and what becomes of a register
 * map by them: each model's part of the map is moved to where the device has that model, and has as
 * many items as the device says, but no more than the site wants.
 */
public record Chain(List<Header> headers) {
    public Chain {
        headers = List.copyOf(headers);
    }

    /**
     * How a model begins.
     *
     * @param address of its ID
     * @param length L: registers after the header
     */
    public record Header(int id, int address, int length) {
        @Override
        public String toString() {
            return "model %d at %d, L %d".formatted(id, address, length);
        }
    }

    /** Whether a register map and a device have the same models. */
    public sealed interface Fit {
        /**
         * They have.
         *
         * @param profile the map as the device has it, which the device must go on proving
         * @param ignored what the device has more of than the site, in words
         */
        record Fits(Profile profile, List<String> ignored) implements Fit {
            public Fits {
                ignored = List.copyOf(ignored);
            }
        }

        record Misfit(String reason) implements Fit {}
    }

    /** A model of the map, and what the device has for it. */
    private record Placed(Model model, Header header, int items) {
        private int shift() {
            return header.address() - model.address();
        }

        /** The model as the device has it. */
        private Model found() {
            return new Model(
                    model.id(),
                    model.nth(),
                    header.address(),
                    List.of(header.length()),
                    Optional.empty());
        }
    }

    /**
     * A register map as the device has it.
     *
     * @param profile as its file has it
     * @param wanted the points that the site has a use for, qualified
     */
    public Fit fit(Profile profile, Set<String> wanted) {
        var placed = new ArrayList<Placed>();
        for (Model model : profile.models()) {
            List<Header> named =
                    headers.stream().filter(header -> header.id() == model.id()).toList();
            int which = model.nth().orElse(1);
            if (named.size() < which) {
                return new Fit.Misfit("it has no %s; %s".formatted(model.name(), this));
            }
            if (model.nth().isEmpty() && named.size() > 1) {
                return new Fit.Misfit(
                        "it has %s %d times, and the register map doesn't say which; %s"
                                .formatted(model.name(), named.size(), this));
            }
            Header header = named.get(which - 1);
            Optional<Integer> items = items(model, header.length());
            if (items.isEmpty()) {
                return new Fit.Misfit(
                        "%s at %d: L is %d; expected %s"
                                .formatted(
                                        model.name(),
                                        header.address(),
                                        header.length(),
                                        expected(model)));
            }
            placed.add(new Placed(model, header, items.get()));
        }
        return fit(profile, placed, wanted);
    }

    private static Optional<Integer> items(Model model, int length) {
        if (model.repeats().isEmpty()) {
            return model.lengths().contains(length) ? Optional.of(0) : Optional.empty();
        }
        int each = model.repeats().get().each();
        int rest = length - model.lengths().getFirst();
        return rest >= 0 && rest % each == 0 ? Optional.of(rest / each) : Optional.empty();
    }

    private static String expected(Model model) {
        String lengths =
                model.lengths().stream().map(String::valueOf).collect(Collectors.joining(" or "));
        return model.repeats()
                .map(repeats -> "%s and %d for each item".formatted(lengths, repeats.each()))
                .orElse(lengths);
    }

    /**
     * A register map as its file has it, less the items the site has no use for: what will be read
     * if the device is as the file says.
     */
    public static Profile asWritten(Profile profile, Set<String> wanted) {
        List<Placed> placed =
                profile.models().stream().map(model -> asWritten(profile, model, wanted)).toList();
        return placed.isEmpty() ? profile : fit(profile, placed, wanted).profile();
    }

    private static Placed asWritten(Profile profile, Model model, Set<String> wanted) {
        int items = most(groupsOf(profile, model), group -> wanted(group, wanted));
        int length = model.end(items) - model.address() - Profile.HEADER;
        return new Placed(model, new Header(model.id(), model.address(), length), items);
    }

    private static Fit.Fits fit(Profile profile, List<Placed> placed, Set<String> wanted) {
        var blocks = new ArrayList<Block>();
        var indivisible = new ArrayList<Extent>();
        var groups = new ArrayList<Group>();
        var ignored = new ArrayList<String>();
        var identities = new ArrayList<Identity>();
        for (Block block : profile.blocks()) {
            Placed in = at(block.address(), placed);
            int count = Math.min(block.count(), end(in, profile, wanted) - block.address());
            if (count > 0) {
                int address = block.address() + in.shift();
                blocks.add(new Block(block.table(), address, count, block.rate()));
            }
        }
        for (Extent extent : profile.indivisible()) {
            Placed in = at(extent.address(), placed);
            if (extent.end() <= end(in, profile, wanted)) {
                int address = extent.address() + in.shift();
                indivisible.add(new Extent(extent.table(), address, extent.count()));
            }
        }
        for (Group group : profile.groups()) {
            Placed in = at(group.points().getFirst().address(), placed);
            int used = wanted(group, wanted);
            groups.add(moved(group, Math.min(in.items(), used), in.shift()));
            if (used > 0 && used < in.items()) {
                ignored.add(
                        "it has %d of '%s'; the site has %d, and the others are not read"
                                .formatted(in.items(), group.name(), used));
            }
        }
        for (Placed each : placed) {
            identities.add(proof(each.model().lengthPoint(), each.header().length()));
            each.model()
                    .repeats()
                    .ifPresent(it -> identities.add(proof(it.counted(), each.items())));
        }
        identities.addAll(profile.identities());
        return new Fit.Fits(
                new Profile(
                        profile.id(),
                        profile.title(),
                        profile.source(),
                        blocks,
                        indivisible,
                        profile.points().stream()
                                .map(point -> point.movedBy(at(point.address(), placed).shift()))
                                .toList(),
                        groups,
                        identities,
                        profile.heartbeat(),
                        placed.stream().map(Placed::found).toList()),
                ignored);
    }

    private static Placed at(int address, List<Placed> placed) {
        return placed.stream()
                .filter(each -> each.model().address() <= address)
                .reduce((_, later) -> later)
                .orElseThrow();
    }

    /** The map's address after the last that is read of a model. */
    private static int end(Placed placed, Profile profile, Set<String> wanted) {
        Model model = placed.model();
        int used = most(groupsOf(profile, model), group -> wanted(group, wanted));
        return model.repeats().isPresent()
                ? model.end(Math.min(placed.items(), used))
                : model.address() + Profile.HEADER + placed.header().length();
    }

    private static Identity proof(String point, int expected) {
        return new Identity(point, Optional.of(Integer.toString(expected)));
    }

    private static Group moved(Group group, int count, int shift) {
        return new Group(
                group.name(),
                count,
                group.stride(),
                group.coilStride(),
                group.points().stream().map(point -> point.movedBy(shift)).toList(),
                group.outputs());
    }

    private static List<Group> groupsOf(Profile profile, Model model) {
        return groupsOf(profile.groups(), profile.models(), model);
    }

    /** What repeats in a model. */
    static List<Group> groupsOf(List<Group> groups, List<Model> models, Model model) {
        return groups.stream()
                .filter(
                        group ->
                                group.points().stream()
                                        .findFirst()
                                        .flatMap(point -> Profile.modelAt(models, point.address()))
                                        .equals(Optional.of(model)))
                .toList();
    }

    private static int most(List<Group> groups, ToIntFunction<Group> of) {
        return groups.stream().mapToInt(of).max().orElse(0);
    }

    /** The last item of which something is wanted. */
    private static int wanted(Group group, Set<String> wanted) {
        return IntStream.iterate(group.count(), item -> item > 0, item -> item - 1)
                .filter(
                        item ->
                                group.points().stream()
                                        .map(point -> group.qualified(item, point.name()))
                                        .anyMatch(wanted::contains))
                .findFirst()
                .orElse(0);
    }

    /** As in {@code its chain is 1 at 40002, 804 at 40070}. */
    @Override
    public String toString() {
        return headers.isEmpty()
                ? "its chain is empty"
                : "its chain is "
                        + headers.stream()
                                .map(header -> header.id() + " at " + header.address())
                                .collect(Collectors.joining(", "));
    }
}
