package parley.signalling;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/** Who may import whom inside signalling. */
@AnalyzeClasses(packages = "parley", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule signallingKnowsOnlyTheRelaysApi =
      noClasses()
          .that()
          .resideInAPackage("parley.signalling..")
          .and()
          .resideOutsideOfPackages("parley.signalling.app..", "parley.signalling.recordings..")
          .should()
          .dependOnClassesThat(
              DescribedPredicate.describe(
                  "are relay classes outside its api",
                  c ->
                      c.getPackageName().startsWith("parley.relay")
                          && !c.getPackageName().equals("parley.relay.api")));

  /** The door to recordings that are closed; it never meets a call. */
  @ArchTest
  static final ArchRule recordingsKnowWhatKeepsRecordings =
      noClasses()
          .that()
          .resideInAPackage("parley.signalling.recordings..")
          .should()
          .dependOnClassesThat(
              DescribedPredicate.describe(
                  "are relay classes that do not keep recordings",
                  c ->
                      c.getPackageName().startsWith("parley.relay")
                          && !List.of("archive", "index", "replay", "evidence", "vault")
                              .contains(c.getPackageName().replaceFirst("parley.relay.?", ""))));

  @ArchTest
  static final ArchRule relayNeverLooksBack =
      noClasses()
          .that()
          .resideInAPackage("parley.relay..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("parley.signalling..");

  @ArchTest
  static final ArchRule serversLibrariesStayInServer =
      noClasses()
          .that()
          .resideInAPackage("parley.signalling..")
          .and()
          .resideOutsideOfPackages(
              "parley.signalling.server..",
              "parley.signalling.servers..",
              "parley.signalling.recordings..",
              "parley.signalling.link..",
              "parley.signalling.gateway..",
              "parley.signalling.app..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx..", "io.netty..");

  /** All but its door and its socket is tried without either. */
  @ArchTest
  static final ArchRule onlyTwoOfTheLinkKnowTheirServer =
      noClasses()
          .that()
          .resideInAPackage("parley.signalling.link..")
          .and()
          .haveNameNotMatching(".*\\.(LinkDoor|LinkSocket)(\\$.*)?")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx..", "io.netty..");

  @ArchTest
  static final ArchRule natsStaysBehindItsBus =
      noClasses()
          .that()
          .resideOutsideOfPackage("parley.signalling.cluster.nats..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.nats..");

  /** Time comes in with every step: three nodes are tried in virtual time. */
  @ArchTest
  static final ArchRule theClusterReadsNoClock =
      noClasses()
          .that()
          .resideInAPackage("parley.signalling.cluster")
          .should()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(java.time.Instant.class, "now");

  @ArchTest
  static final ArchRule theOutboxsStoreStaysInWebhook =
      noClasses()
          .that()
          .resideOutsideOfPackage("parley.signalling.webhook..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.h2..");

  @ArchTest
  static final ArchRule callAndWireAreSansIo =
      noClasses()
          .that()
          .resideInAnyPackage("parley.signalling.call..", "parley.signalling.wire..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.util.concurrent", "java.net..", "java.nio.channels..")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(java.time.Instant.class, "now");

  @ArchTest
  static final ArchRule noCyclesBetweenPackages =
      slices().matching("parley.signalling.(*)..").should().beFreeOfCycles();
}
