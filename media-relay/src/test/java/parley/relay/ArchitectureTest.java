package parley.relay;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may import whom inside the relay; the picture is in {@code DESIGN.md}. */
@AnalyzeClasses(packages = "parley.relay", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule nettyStaysInNet =
      noClasses()
          .that()
          .resideOutsideOfPackage("parley.relay.net..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.netty..");

  @ArchTest
  static final ArchRule ice4jStaysBehindTheStunCodec =
      noClasses()
          .that()
          .resideOutsideOfPackage("parley.relay.stun..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.ice4j..");

  @ArchTest
  static final ArchRule bouncyCastleStaysInDtlsAndTimeStamps =
      noClasses()
          .that()
          .resideOutsideOfPackages("parley.relay.dtls..", "parley.relay.timestamp..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.bouncycastle..");

  @ArchTest
  static final ArchRule amazonsSdkStaysInTheStore =
      noClasses()
          .that()
          .resideOutsideOfPackage("parley.relay.store..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("software.amazon..");

  @ArchTest
  static final ArchRule databasesStayInTheIndex =
      noClasses()
          .that()
          .resideOutsideOfPackage("parley.relay.index..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.zaxxer..", "org.postgresql..", "org.h2..");

  /** Whoever decrypts a recording needs nothing but a JDK. */
  @ArchTest
  static final ArchRule theVaultNeedsNothingButTheJdk =
      classes()
          .that()
          .resideInAPackage("parley.relay.vault..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "javax.crypto..",
              "org.jspecify..",
              "org.slf4j..",
              "parley.relay.evidence..",
              "parley.relay.vault..");

  /** Whoever verifies a recording or a bundle needs nothing but a JDK: a jar is cut out of it. */
  @ArchTest
  static final ArchRule evidenceNeedsNothingButTheJdk =
      classes()
          .that()
          .resideInAPackage("parley.relay.evidence..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "org.jspecify..", "parley.relay.evidence..");

  @ArchTest
  static final ArchRule jitsiSrtpStaysInSrtp =
      noClasses()
          .that()
          .resideOutsideOfPackage("parley.relay.srtp..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.jitsi.srtp..");

  /**
   * Each calls one library: libopus, libcrypto, and the C library's calls for datagrams. What the
   * latter are told lies outside of the heap, in the classes around {@code KernelUdp}.
   */
  @ArchTest
  static final ArchRule nativeCodeStaysWhereItIs =
      noClasses()
          .that()
          .resideOutsideOfPackages("parley.relay.opus..")
          .and()
          .haveNameNotMatching("parley\\.relay\\.srtp\\.(Libcrypto.*|CipherMemory)")
          .and()
          .haveNameNotMatching(
              "parley\\.relay\\.net\\."
                  + "(KernelUdp|DatagramVector|SendBatch|ReceiveBatch|TurnBatches|SocketName|KnownNames|ProcessorPin)")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("java.lang.foreign..");

  @ArchTest
  static final ArchRule jitsisSpeakersStayInDominant =
      noClasses()
          .that()
          .resideOutsideOfPackage("parley.relay.dominant..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.jitsi.utils.dsi..");

  @ArchTest
  static final ArchRule coresKnowNoSocketsThreadsOrClocks =
      noClasses()
          .that()
          .resideInAnyPackage(
              "parley.relay.stun..",
              "parley.relay.ice..",
              "parley.relay.srtp..",
              "parley.relay.rtp..",
              "parley.relay.opus..",
              "parley.relay.mix..",
              "parley.relay.call..",
              "parley.relay.quality..",
              "parley.relay.trunk..",
              "parley.relay.turn..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.util.concurrent", "java.nio.channels..", "parley.relay.net..")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis");

  /** What comes on a line is read by itself; whose call it is, others know. */
  @ArchTest
  static final ArchRule linesKnowPacketsAndNoCalls =
      classes()
          .that()
          .resideInAPackage("parley.relay.trunk..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "javax.crypto..",
              "org.jspecify..",
              "parley.relay.api..",
              "parley.relay.rtp..",
              "parley.relay.srtp..",
              "parley.relay.trunk..");

  @ArchTest
  static final ArchRule noCyclesBetweenPackages =
      slices().matching("parley.relay.(*)..").should().beFreeOfCycles();
}
