package dev.bulkhead.simulator.lab;

import dev.bulkhead.rules.condition.Condition;
import dev.bulkhead.rules.condition.Pack;
import dev.bulkhead.rules.hazard.Vote;
import dev.bulkhead.rules.site.Role;
import dev.bulkhead.rules.site.Subject;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A signal that a vote stood on, as a store knows it. */
record Voted(Role role, String of, String device) {
    private static final Pattern ROLE = Pattern.compile("[a-z]+\\.[a-zA-Z]+");

    /** The signals of votes, each once: those that the vote's condition compares. */
    static List<Voted> in(List<Vote> votes, List<Pack> packs) {
        return votes.stream().flatMap(vote -> in(vote, packs)).distinct().toList();
    }

    private static Stream<Voted> in(Vote vote, List<Pack> packs) {
        return packs.stream()
                .flatMap(pack -> pack.conditions().stream())
                .filter(condition -> condition.id().equals(vote.condition()))
                .flatMap(Voted::roles)
                .map(role -> new Voted(role, name(vote.of()), vote.device().value()));
    }

    private static Stream<Role> roles(Condition condition) {
        return ROLE.matcher(condition.when().toString())
                .results()
                .map(found -> Role.named(found.group()))
                .flatMap(Optional::stream)
                .filter(role -> role.of() == condition.of());
    }

    private static String name(Subject of) {
        return of instanceof Subject.OfRoom(var room) ? room.value() : of.toString();
    }

    String measurement() {
        return role.text().substring(0, role.text().indexOf('.'));
    }

    String field() {
        return role.text().substring(role.text().indexOf('.') + 1);
    }

    String label() {
        return of + " " + field();
    }

    String unit() {
        return role.unit();
    }
}
