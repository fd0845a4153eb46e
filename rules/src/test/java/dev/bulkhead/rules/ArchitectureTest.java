package dev.bulkhead.rules;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;

/** What makes the rules replayable: nothing in them can tell where or when it runs. */
@AnalyzeClasses(
        packages = "dev.bulkhead.rules",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] VALUES = {
        "dev.bulkhead.rules..",
        "java.lang",
        "java.lang.annotation",
        "java.lang.invoke",
        "java.lang.runtime",
        "java.time",
        "java.time.format",
        "java.util",
        "java.util.function",
        "java.util.stream",
        "java.util.regex",
        "org.jspecify.annotations"
    };

    @ArchTest
    static final ArchRule valuesOnlyAndThreeLibrariesEachInItsPlace =
            classes()
                    .should()
                    .onlyDependOnClassesThat(
                            resideInAnyPackage(VALUES)
                                    .or(
                                            resideInAnyPackage(
                                                    "org.snakeyaml..",
                                                    "dev.cel..",
                                                    "com.google.common..",
                                                    "com.google.errorprone.annotations..",
                                                    "org.jgrapht..")));

    @ArchTest
    static final ArchRule filesAreReadThroughOneDoor =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.bulkhead.rules.site")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.snakeyaml..");

    @ArchTest
    static final ArchRule expressionsStayInConditions =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.bulkhead.rules.condition")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("dev.cel..", "com.google.common..");

    @ArchTest
    static final ArchRule theGraphLibraryStaysWithTheNetwork =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            "dev.bulkhead.rules.network", "dev.bulkhead.rules.isolation")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.jgrapht..");

    @ArchTest
    static final ArchRule nobodyStartsAThread =
            noClasses().should().dependOnClassesThat(belongToAnyOf(Thread.class, Clock.class));

    @ArchTest
    static final ArchRule nobodyReadsAClock =
            noClasses()
                    .should()
                    .callMethod(Instant.class, "now")
                    .orShould()
                    .callMethod(System.class, "nanoTime")
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis")
                    .orShould()
                    .callMethod(Math.class, "random");

    @ArchTest
    static final ArchRule judgementFlowsOneWay =
            layeredArchitecture()
                    .consideringOnlyDependenciesInLayers()
                    .layer("descriptions")
                    .definedBy("dev.bulkhead.rules.site", "dev.bulkhead.rules.profile")
                    .layer("signal")
                    .definedBy("dev.bulkhead.rules.signal")
                    .layer("condition")
                    .definedBy("dev.bulkhead.rules.condition")
                    .layer("alarm")
                    .definedBy("dev.bulkhead.rules.alarm")
                    .layer("hazard")
                    .definedBy("dev.bulkhead.rules.hazard")
                    .layer("network")
                    .definedBy("dev.bulkhead.rules.network")
                    .layer("isolation")
                    .definedBy("dev.bulkhead.rules.isolation")
                    .layer("guard")
                    .definedBy("dev.bulkhead.rules.guard")
                    .layer("judge")
                    .definedBy("dev.bulkhead.rules")
                    .whereLayer("judge")
                    .mayNotBeAccessedByAnyLayer()
                    .whereLayer("guard")
                    .mayOnlyBeAccessedByLayers("judge")
                    .whereLayer("isolation")
                    .mayOnlyBeAccessedByLayers("guard", "judge")
                    .whereLayer("network")
                    .mayOnlyBeAccessedByLayers("isolation", "judge")
                    .whereLayer("hazard")
                    .mayOnlyBeAccessedByLayers("isolation", "guard", "judge")
                    .whereLayer("alarm")
                    .mayOnlyBeAccessedByLayers("hazard", "judge")
                    .whereLayer("condition")
                    .mayOnlyBeAccessedByLayers("alarm", "hazard", "judge")
                    .whereLayer("signal")
                    .mayNotAccessAnyLayer()
                    .ignoreDependency(
                            resideInAnyPackage("dev.bulkhead.rules.signal"),
                            resideInAnyPackage(
                                    "dev.bulkhead.rules.site", "dev.bulkhead.rules.profile"));
}
