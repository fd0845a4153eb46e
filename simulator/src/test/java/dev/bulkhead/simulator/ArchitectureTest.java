package dev.bulkhead.simulator;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;

@AnalyzeClasses(
        packages = "dev.bulkhead.simulator",
        importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    private static final String PLANT = "dev.bulkhead.simulator.plant..";
    private static final String DEVICE = "dev.bulkhead.simulator.device..";
    private static final String SCENARIO = "dev.bulkhead.simulator.scenario..";
    private static final String SCORE = "dev.bulkhead.simulator.score..";
    private static final String TERMINAL = "dev.bulkhead.simulator.terminal..";

    /** A mistake that player and referee share is a mistake nobody finds. */
    @ArchTest
    static final ArchRule thePlantDoesNotShareTheAgentsJudgement =
            noClasses()
                    .that()
                    .resideInAnyPackage(PLANT, DEVICE, SCENARIO, SCORE, TERMINAL)
                    .should()
                    .dependOnClassesThat(
                            resideInAnyPackage("dev.bulkhead.agent..")
                                    .or(
                                            resideInAnyPackage("dev.bulkhead.rules..")
                                                    .and(
                                                            describe(
                                                                    "no mere description",
                                                                    type ->
                                                                            !Set.of(
                                                                                            "dev.bulkhead.rules.site",
                                                                                            "dev.bulkhead.rules.profile",
                                                                                            "dev.bulkhead.rules.signal")
                                                                                    .contains(
                                                                                            type
                                                                                                    .getPackageName())))));

    /** Else two runs with one seed would not be the same fire. */
    @ArchTest
    static final ArchRule thePlantReadsNoClockAndNoRandomnessOfItsOwn =
            noClasses()
                    .that()
                    .resideInAnyPackage(PLANT, SCENARIO, SCORE)
                    .should()
                    .callCodeUnitWhere(
                            describe(
                                    "it reads a clock or draws without a seed",
                                    ArchitectureTest::isOfItsOwn));

    @ArchTest
    static final ArchRule thePlantKnowsNobodyWhoWatchesOrScoresIt =
            noClasses()
                    .that()
                    .resideInAPackage(PLANT)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(DEVICE, SCENARIO, SCORE, TERMINAL, "..lab..");

    /** Figures are made of records; what a plant is does not matter to them. */
    @ArchTest
    static final ArchRule theScoreKnowsOnlyWhatItIsTold =
            noClasses()
                    .that()
                    .resideInAPackage(SCORE)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(PLANT, DEVICE, SCENARIO, TERMINAL, "..lab..");

    @ArchTest
    static final ArchRule thePlantStartsNoThread =
            noClasses()
                    .that()
                    .resideInAnyPackage(PLANT, SCENARIO, SCORE, TERMINAL)
                    .should()
                    .dependOnClassesThat()
                    .areAssignableTo(Thread.class)
                    .orShould()
                    .dependOnClassesThat()
                    .resideInAPackage("java.util.concurrent..");

    @ArchTest
    static final ArchRule onlyTheCommandLinePrints =
            noClasses()
                    .that()
                    .resideInAnyPackage(PLANT, DEVICE, SCENARIO, SCORE, TERMINAL)
                    .should(ACCESS_STANDARD_STREAMS);

    @ArchTest static final ArchRule thereIsOneWayToLog = NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

    private static boolean isOfItsOwn(JavaCall<?> call) {
        var owner = call.getTargetOwner();
        boolean isWithoutArguments = call.getTarget().getRawParameterTypes().isEmpty();
        return switch (call.getName()) {
            case "now" -> owner.getPackageName().equals("java.time") && isWithoutArguments;
            case "nanoTime", "currentTimeMillis" -> owner.isEquivalentTo(System.class);
            case "random" -> owner.isEquivalentTo(Math.class);
            case "current" -> owner.isEquivalentTo(ThreadLocalRandom.class);
            case "<init>" ->
                    isWithoutArguments
                            && (owner.isEquivalentTo(Random.class)
                                    || owner.isEquivalentTo(SplittableRandom.class));
            default -> owner.isEquivalentTo(Clock.class) && call.getName().startsWith("system");
        };
    }
}
