package dev.bulkhead.agent;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import dev.bulkhead.agent.modbus.Change;
import dev.bulkhead.agent.modbus.Exchange;
import dev.bulkhead.agent.modbus.Visit;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.Executors;

@AnalyzeClasses(
        packages = "dev.bulkhead.agent",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    /**
     * The cycle joins the edges. How records are written as JSON, bytes so that they outlive a
     * crash, samples counted and servers reached is no edge, but what edges stand on. Actuation
     * speaks in the exchanges of Modbus, whose one write needs the guard's leave; never the other
     * way round. So what is told and what is carried meet in the broker only.
     */
    @ArchTest
    static final ArchRule edgesDoNotKnowEachOther =
            slices().matching("dev.bulkhead.agent.(*)..")
                    .should()
                    .notDependOnEachOther()
                    .ignoreDependency(
                            resideInAPackage("dev.bulkhead.agent.cycle.."),
                            resideInAPackage("dev.bulkhead.agent.."))
                    .ignoreDependency(
                            resideInAPackage("dev.bulkhead.agent.actuate.."),
                            resideInAPackage("dev.bulkhead.agent.modbus.."))
                    .ignoreDependency(
                            resideInAPackage("dev.bulkhead.agent.."),
                            resideInAnyPackage(
                                    "dev.bulkhead.agent.json..",
                                    "dev.bulkhead.agent.disk..",
                                    "dev.bulkhead.agent.ledger..",
                                    "dev.bulkhead.agent.peer.."));

    /**
     * What a person has written needs no leave of the guard. So no agent that runs may have a way
     * to it: only a visit makes such an exchange, and only commands for people make visits.
     */
    @ArchTest
    static final ArchRule onlyAVisitWritesWithoutTheGuardsLeave =
            noClasses()
                    .that()
                    .doNotBelongToAnyOf(Visit.class)
                    .should()
                    .callConstructor(
                            Exchange.WriteAsTold.class, int.class, Change.class, Visit.Word.class)
                    .orShould()
                    .callConstructor(Visit.Word.class);

    @ArchTest
    static final ArchRule onlyCommandsForPeopleMakeVisits =
            noClasses()
                    .that(not(nameMatching("dev\\.bulkhead\\.agent\\.Modbus\\w*Command(\\$.*)?")))
                    .and()
                    .doNotBelongToAnyOf(Visit.class)
                    .should()
                    .callMethodWhere(target(owner(type(Visit.class))))
                    .orShould()
                    .callConstructorWhere(target(owner(type(Visit.class))));

    @ArchTest
    static final ArchRule whatEdgesStandOnKnowsNoEdge =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "dev.bulkhead.agent.json..",
                            "dev.bulkhead.agent.disk..",
                            "dev.bulkhead.agent.ledger..",
                            "dev.bulkhead.agent.peer..")
                    .should()
                    .dependOnClassesThat(
                            resideInAPackage("dev.bulkhead.agent..")
                                    .and(
                                            not(
                                                    resideInAnyPackage(
                                                            "dev.bulkhead.agent.json..",
                                                            "dev.bulkhead.agent.disk..",
                                                            "dev.bulkhead.agent.ledger..",
                                                            "dev.bulkhead.agent.peer.."))));

    @ArchTest
    static final ArchRule theEdgesDoNotKnowHowTheyArePutTogether =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "dev.bulkhead.agent.journal..",
                            "dev.bulkhead.agent.control..",
                            "dev.bulkhead.agent.bridge..",
                            "dev.bulkhead.agent.json..",
                            "dev.bulkhead.agent.disk..",
                            "dev.bulkhead.agent.ledger..",
                            "dev.bulkhead.agent.peer..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("dev.bulkhead.agent");

    @ArchTest
    static final ArchRule threadsAreStartedByDriversAndWhereTheAgentIsPutTogether =
            noClasses()
                    .that(not(resideInAPackage("dev.bulkhead.agent")))
                    .and(not(nameMatching(".*Driver(\\$.*)?")))
                    .should()
                    .callMethod(Thread.class, "ofVirtual")
                    .orShould()
                    .callMethod(Thread.class, "ofPlatform")
                    .orShould()
                    .callMethod(Thread.class, "startVirtualThread", Runnable.class)
                    .orShould()
                    .callMethod(Thread.class, "start")
                    .orShould()
                    .dependOnClassesThat()
                    .areAssignableTo(Executors.class);

    @ArchTest
    static final ArchRule nobodySleeps =
            noClasses()
                    .should()
                    .callMethod(Thread.class, "sleep", long.class)
                    .orShould()
                    .callMethod(Thread.class, "sleep", Duration.class);

    @ArchTest
    static final ArchRule onlyTheCommandLineWritesToTheTerminal =
            noClasses()
                    .that()
                    .doNotHaveFullyQualifiedName(Main.class.getName())
                    .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS);

    @ArchTest
    static final ArchRule theEdgesReadNoWallClock =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "dev.bulkhead.agent.journal..",
                            "dev.bulkhead.agent.control..",
                            "dev.bulkhead.agent.telemetry..",
                            "dev.bulkhead.agent.bridge..",
                            "dev.bulkhead.agent.json..",
                            "dev.bulkhead.agent.disk..",
                            "dev.bulkhead.agent.ledger..",
                            "dev.bulkhead.agent.peer..")
                    .should()
                    .callMethod(Instant.class, "now")
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule nobodyUsesDatesThatCannotSayTheirZone =
            noClasses().should().dependOnClassesThat().areAssignableTo(Date.class);

    @ArchTest
    static final ArchRule nobodyLogsAroundLogback = NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

    @ArchTest static final ArchRule nobodyInjectsFields = NO_CLASSES_SHOULD_USE_FIELD_INJECTION;
}
