package parley.stun.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.stun.doctor.Finding.Verdict;

/** What the kernel says of itself, as it might. */
class MachineChecksTest {

  @TempDir Path folder;

  private Path proc;

  @BeforeEach
  void aMachineWithoutFaults() throws Exception {
    proc = folder.resolve("proc");
    tells("sys/net/core/rmem_max", "4194304\n");
    tells("sys/net/core/wmem_max", "4194304\n");
    tells("sys/net/ipv4/ip_local_port_range", "32768\t60999\n");
    limit("1048576");
  }

  private void tells(String file, String text) throws Exception {
    Path path = proc.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private void limit(String hard) throws Exception {
    tells(
        "self/limits",
        "Limit                     Soft Limit           Hard Limit           Units     \n"
            + "Max open files            1024                 %-21sfiles     \n".formatted(hard));
  }

  private Finding check(String name, int firstRelayPort, int lastRelayPort) {
    var installation =
        new Installation(
            List.of(),
            List.of(),
            20_000,
            List.of(),
            "",
            "",
            "",
            folder,
            null,
            firstRelayPort,
            lastRelayPort,
            30_000,
            "",
            "");
    return new MachineChecks(installation, proc)
        .run().stream().filter(finding -> finding.check().equals(name)).findFirst().orElseThrow();
  }

  private Verdict verdict(String name) {
    return check(name, 40_000, 50_000).verdict();
  }

  @Test
  void findsNothingWrongWhereNothingIs() {
    for (String check : List.of("socket-buffers", "open-files", "relay-ports", "recordings")) {
      assertThat(verdict(check)).as(check).isEqualTo(Verdict.OK);
    }
    assertThat(verdict("clock")).isEqualTo(Verdict.SKIPPED);
  }

  @Test
  void seesSmallSocketBuffers() throws Exception {
    tells("sys/net/core/wmem_max", "212992\n");
    Finding finding = check("socket-buffers", 0, 0);
    assertThat(finding.verdict()).isEqualTo(Verdict.WARNING);
    assertThat(finding.found()).startsWith("net.core.wmem_max is 208 KB");
    assertThat(finding.change()).contains("sysctl -w");
  }

  @Test
  void seesThatFewFilesMayBeOpen() throws Exception {
    limit("4096");
    assertThat(verdict("open-files")).isEqualTo(Verdict.WRONG);
    limit("unlimited");
    assertThat(verdict("open-files")).isEqualTo(Verdict.OK);
  }

  @Test
  void seesThatRelayPortsCoverTheMediaPort() {
    assertThat(check("relay-ports", 19_000, 21_000).verdict()).isEqualTo(Verdict.WRONG);
    assertThat(check("relay-ports", 0, 0).verdict()).isEqualTo(Verdict.SKIPPED);
  }

  @Test
  void saysWhatASystemDoesNotTell() {
    proc = folder.resolve("nothing");
    for (String check : List.of("socket-buffers", "open-files", "relay-ports")) {
      assertThat(verdict(check)).as(check).isEqualTo(Verdict.SKIPPED);
    }
  }

  @Test
  void isReadByPeople() {
    assertThat(Finding.wrong("clock", "It is late.", "Because.", "Set it.").text())
        .isEqualTo(
            """
            WRONG   clock: It is late.
                      Why it matters: Because.
                      What to change: Set it.\
            """
                .stripIndent());
  }
}
