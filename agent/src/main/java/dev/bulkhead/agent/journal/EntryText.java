package dev.bulkhead.agent.journal;

import dev.bulkhead.rules.Event;
import dev.bulkhead.rules.hazard.Vote;
import dev.bulkhead.rules.isolation.Plan;
import dev.bulkhead.rules.isolation.Proof;
import dev.bulkhead.rules.isolation.Step;
import dev.bulkhead.rules.site.RoomId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** An event in the words of a person who reads it at 3 a.m. */
public final class EntryText {
    private EntryText() {}

    /** Time, kind, room and text, in columns. */
    public static String line(Event event) {
        return String.format(
                Locale.ROOT,
                "%-24s  %-15s  %-6s  %s",
                event.at(),
                event.getClass().getSimpleName(),
                room(event).map(RoomId::value).orElse("-"),
                text(event));
    }

    /** Room and text, for whoever has no column for the room. */
    public static String sentence(Event event) {
        return room(event).map(room -> "room " + room + ": ").orElse("") + text(event);
    }

    /** The room an event is about, where it is about one. */
    public static Optional<RoomId> room(Event event) {
        return switch (event) {
            case Event.AlarmChanged one -> Optional.of(one.room());
            case Event.LevelChanged one -> Optional.of(one.room());
            case Event.Planned one -> Optional.of(one.room());
            case Event.Intended one -> Optional.of(one.room());
            case Event.Held one -> Optional.of(one.room());
            case Event.Refused one -> Optional.of(one.room());
            case Event.StepConfirmed one -> Optional.of(one.room());
            case Event.StepFailed one -> Optional.of(one.room());
            case Event.StepFound one -> Optional.of(one.room());
            case Event.Isolated one -> Optional.of(one.room());
            case Event.NotProven one -> Optional.of(one.room());
            case Event.IsolationFailed one -> Optional.of(one.room());
            case Event.ProofLost one -> Optional.of(one.room());
            case Event.Released one -> Optional.of(one.room());
            case Event.Approved _, Event.CommandRefused _, Event.Suspended _ -> Optional.empty();
        };
    }

    /** What happened. */
    public static String text(Event event) {
        return switch (event) {
            case Event.AlarmChanged one ->
                    "alarm "
                            + one.alarm()
                            + ": "
                            + one.from()
                            + " to "
                            + one.to()
                            + because(one.why());
            case Event.LevelChanged one ->
                    one.from() + " to " + one.to() + because(votes(one.votes()));
            case Event.Planned one ->
                    plan(one.plan())
                            + (one.isAutomatic() ? ", carried out now" : ", not automatic")
                            + because(one.why());
            case Event.Approved one ->
                    "plan " + one.plan() + " approved by " + one.who() + because(one.why());
            case Event.Intended one ->
                    "will open "
                            + one.breaker()
                            + " (plan "
                            + one.plan()
                            + " step "
                            + one.step()
                            + ", attempt "
                            + one.attempt()
                            + ", act "
                            + one.intent()
                            + ")";
            case Event.Held one -> "plan " + one.plan() + " waits again" + because(one.reasons());
            case Event.Refused one ->
                    "the guard refuses to open "
                            + one.breaker()
                            + " (plan "
                            + one.plan()
                            + " step "
                            + one.step()
                            + ")"
                            + because(one.reasons());
            case Event.StepConfirmed one ->
                    one.breaker()
                            + " reads "
                            + one.position()
                            + " (act "
                            + one.intent()
                            + ", written "
                            + one.writtenAt()
                            + ")";
            case Event.StepFailed one ->
                    one.breaker()
                            + " not opened (act "
                            + one.intent()
                            + ")"
                            + because(one.reason())
                            + (one.mayHaveMoved() ? "; it may have moved" : "; it was not touched");
            case Event.StepFound one ->
                    one.breaker()
                            + " reads "
                            + one.position()
                            + " after a restart (act "
                            + one.intent()
                            + ")";
            case Event.Isolated one ->
                    "ISOLATED by plan " + one.plan() + because(proof(one.proof()));
            case Event.NotProven one ->
                    "OPEN, NOT PROVEN by plan " + one.plan() + because(one.missing());
            case Event.IsolationFailed one ->
                    "NOT ISOLATED by plan " + one.plan() + because(one.reasons());
            case Event.ProofLost one ->
                    "no longer shown to be isolated (plan " + one.plan() + ")" + because(one.why());
            case Event.Released one -> "released by " + one.who() + because(one.why());
            case Event.CommandRefused one ->
                    "refused "
                            + one.who()
                            + "'s command '"
                            + one.command()
                            + "'"
                            + because(one.why());
            case Event.Suspended one ->
                    "automatic acts "
                            + (one.isSuspended() ? "suspended" : "resumed")
                            + because(one.why());
        };
    }

    private static String because(String why) {
        return why.isBlank() ? "" : ": " + why;
    }

    private static String because(List<String> reasons) {
        return because(String.join("; ", reasons));
    }

    private static String votes(List<Vote> votes) {
        return votes.stream()
                .map(vote -> vote.kind() + " at " + vote.of() + ", " + vote.evidence())
                .collect(Collectors.joining("; "));
    }

    private static String plan(Plan plan) {
        return "plan "
                + plan.id()
                + " ("
                + plan.rung()
                + ") opens "
                + plan.steps().stream()
                        .map(Step::breaker)
                        .map(Object::toString)
                        .collect(Collectors.joining(" "))
                + ", costs "
                + plan.loss().servers()
                + " servers"
                + (plan.interlocks().isEmpty()
                        ? ""
                        : ", held by: " + String.join("; ", plan.interlocks()));
    }

    private static String proof(Proof proof) {
        String busbars =
                proof.busbars().stream()
                        .map(
                                dead ->
                                        String.format(
                                                Locale.ROOT,
                                                "%s %.1f V",
                                                dead.busbar(),
                                                dead.volts()))
                        .collect(Collectors.joining(", "));
        return proof.positions().size()
                + " breakers read open, "
                + busbars
                + (proof.staysLive().isEmpty()
                        ? ""
                        : "; still live: " + String.join("; ", proof.staysLive()));
    }
}
