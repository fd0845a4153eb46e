package dev.bulkhead.simulator.lab;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bulkhead.simulator.lab.Lived.Effect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The lives of a campaign, added up. */
public final class Tally {
    /**
     * What a campaign was asked for, which is enough to play it again.
     *
     * @param where the option that names the site's folder; empty for the program's own
     * @param hours of plant time; without meaning where one life was asked for
     * @param life the only one that was asked for
     */
    public record Asked(String site, String where, long seed, int hours, Optional<Long> life) {
        private String command() {
            return life.map(this::replay).orElseGet(() -> program() + " --hours " + hours);
        }

        private String replay(long number) {
            return program() + " --life " + number;
        }

        private String program() {
            return "bulkhead-sim campaign" + where + " --seed " + seed;
        }
    }

    private Duration lived = Duration.ZERO;
    private long lives;
    private long first = Long.MAX_VALUE;
    private long last;
    private long polls;
    private long compared;
    private long isolated;
    private final List<String> excused = new ArrayList<>();
    private final SortedMap<String, Effects> kinds = new TreeMap<>();
    private final List<Found> surprises = new ArrayList<>();

    /** What things of one kind did. */
    private static final class Effects {
        private int injected;
        private int quality;
        private int vote;
        private int plan;

        private void add(Effect effect) {
            injected++;
            quality += effect.hasChangedQuality() ? 1 : 0;
            vote += effect.hasChangedVote() ? 1 : 0;
            plan += effect.hasChangedPlan() ? 1 : 0;
        }
    }

    /** A surprise, and the life that shows it. */
    private record Found(long life, Surprise surprise) {}

    /** Adds one more life. */
    public void add(Lived life) {
        lives++;
        first = Math.min(first, life.number());
        last = Math.max(last, life.number());
        lived = lived.plus(life.length());
        polls += life.polls();
        compared += life.compared();
        isolated += life.isolated();
        life.excused()
                .forEach(
                        (room, way) ->
                                excused.add(
                                        "life " + life.number() + ", room " + room + ": " + way));
        for (Effect effect : life.effects()) {
            kinds.computeIfAbsent(effect.spell().kind(), _ -> new Effects()).add(effect);
        }
        life.surprises().forEach(surprise -> surprises.add(new Found(life.number(), surprise)));
    }

    public boolean isClean() {
        return surprises.isEmpty();
    }

    public Duration lived() {
        return lived;
    }

    /** One line on how it stands. */
    public String progress(Duration wall) {
        return String.format(
                Locale.ROOT,
                "%,.0f h in %s, %,.0f h per hour, %d surprises",
                hours(),
                numbers(),
                perHour(wall),
                surprises.size());
    }

    /** {@code life 3}, or {@code lives 0 to 9}. */
    private String numbers() {
        return lives == 1 ? "life " + first : "lives " + first + " to " + last;
    }

    private double hours() {
        return lived.toMillis() / 3.6e6;
    }

    private double perHour(Duration wall) {
        return (double) lived.toMillis() / Math.max(1, wall.toMillis());
    }

    private long count(Surprise.Kind kind) {
        return surprises.stream().filter(found -> found.surprise.kind() == kind).count();
    }

    /** The whole, for people. */
    public List<String> lines(Duration wall, Asked asked) {
        var lines = new ArrayList<String>();
        lines.add(
                String.format(
                        Locale.ROOT,
                        "%,.1f h of plant time in %s, %,.0f h per hour of this machine",
                        hours(),
                        numbers(),
                        perHour(wall)));
        lines.add(
                String.format(
                        Locale.ROOT,
                        "%,d polls sampled, %,d numbers held against the plant's own",
                        polls,
                        compared));
        lines.add(
                String.format(
                        Locale.ROOT,
                        "rooms that burnt: %d isolated within 10 min of runaway, %d not, with"
                                + " something in the way, %d missed",
                        isolated,
                        excused.size(),
                        count(Surprise.Kind.MISSED_ISOLATION)));
        lines.add("false isolations: " + count(Surprise.Kind.FALSE_ISOLATION));
        lines.add("");
        lines.add(row("what was drawn", "times", "quality", "vote", "plan"));
        kinds.forEach(
                (kind, of) ->
                        lines.add(
                                row(
                                        kind,
                                        "" + of.injected,
                                        "" + of.quality,
                                        "" + of.vote,
                                        "" + of.plan)));
        if (!excused.isEmpty()) {
            lines.add("");
            lines.add("Not isolated, with something in the way:");
            excused.forEach(reason -> lines.add("  " + reason));
        }
        lines.add("");
        lines.add(surprises.isEmpty() ? "No surprise." : "Surprises:");
        for (Found found : surprises) {
            lines.add("  " + found.surprise.kind().words() + ": " + found.surprise.text());
            lines.add("    " + found.surprise.at() + "; see it again: " + asked.replay(found.life));
        }
        if (asked.life().isEmpty()) {
            lines.add("One of these lives by itself, as the first: " + asked.replay(first));
        }
        return lines;
    }

    private static String row(String... cells) {
        return String.format(Locale.ROOT, "  %-24s %8s %8s %8s %8s", (Object[]) cells);
    }

    /** The same for programs. */
    public String json(Duration wall, Asked asked) {
        ObjectNode top = JsonNodeFactory.instance.objectNode();
        top.put("site", asked.site());
        top.put("seed", asked.seed());
        top.put("command", asked.command());
        top.put("hours", hours());
        top.put("lives", lives);
        top.put("firstLife", first);
        top.put("lastLife", last);
        top.put("hoursPerHour", perHour(wall));
        top.put("polls", polls);
        top.put("compared", compared);
        top.put("isolated", isolated);
        var reasons = top.putArray("excused");
        excused.forEach(reasons::add);
        ObjectNode drawn = top.putObject("kinds");
        kinds.forEach(
                (kind, of) ->
                        drawn.putObject(kind)
                                .put("injected", of.injected)
                                .put("changedQuality", of.quality)
                                .put("changedVote", of.vote)
                                .put("changedPlan", of.plan));
        var list = top.putArray("surprises");
        for (Found found : surprises) {
            list.addObject()
                    .put("kind", found.surprise.kind().words())
                    .put("at", found.surprise.at().toString())
                    .put("text", found.surprise.text())
                    .put("life", found.life)
                    .put("replay", asked.replay(found.life));
        }
        return top.toPrettyString() + "\n";
    }
}
