package dev.bulkhead.rules.guard;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.bulkhead.rules.isolation.Plan;
import dev.bulkhead.rules.isolation.PlanId;
import dev.bulkhead.rules.isolation.Step;
import dev.bulkhead.rules.site.BreakerId;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A mistake in the planner must not be the guard's mistake too. */
final class IndependenceTest {
    private static final JavaClasses RULES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.bulkhead.rules");

    @Test
    void theGuardSharesNothingWithPlannerAndPowerGraph() {
        DescribedPredicate<JavaClass> planning =
                resideInAPackage("dev.bulkhead.rules.network")
                        .or(resideInAPackage("org.jgrapht.."))
                        .or(
                                resideInAPackage("dev.bulkhead.rules.isolation")
                                        .and(
                                                DescribedPredicate.not(
                                                        belongToAnyOf(
                                                                Plan.class,
                                                                PlanId.class,
                                                                Step.class))));
        noClasses()
                .that()
                .resideInAPackage("dev.bulkhead.rules.guard")
                .should()
                .dependOnClassesThat(planning)
                .check(RULES);
    }

    @Test
    void onlyTheGuardMakesAPermit() {
        noClasses()
                .that()
                .doNotBelongToAnyOf(Guard.class)
                .should()
                .callConstructor(
                        Permit.class, PlanId.class, int.class, BreakerId.class, Instant.class)
                .check(RULES);
    }

    @Test
    void thePowerGraphKnowsNoPlanAndNoGuard() {
        noClasses()
                .that()
                .resideInAPackage("dev.bulkhead.rules.network")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.bulkhead.rules.isolation", "dev.bulkhead.rules.guard")
                .check(RULES);
    }
}
