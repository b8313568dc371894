package parley.relay.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.turn.TestCertificate;

class ServerCertificateTest {

  @TempDir Path folder;

  @Test
  void readsTheFilesAgainWhenTheyChange() throws Exception {
    TestCertificate files = TestCertificate.write(folder, "one");
    var certificate = new ServerCertificate(files.chain(), files.key());
    Object first = certificate.inUse();
    certificate.refresh();
    assertThat(certificate.inUse()).isSameAs(first);
    TestCertificate.write(folder, "two");
    touch(files);
    certificate.refresh();
    assertThat(certificate.inUse()).isNotSameAs(first);
  }

  @Test
  void keepsTheOneInUseWhenTheNewOneIsBroken() throws Exception {
    TestCertificate files = TestCertificate.write(folder, "one");
    var certificate = new ServerCertificate(files.chain(), files.key());
    Object first = certificate.inUse();
    Files.writeString(files.chain(), "half a certif");
    touch(files);
    certificate.refresh();
    assertThat(certificate.inUse()).isSameAs(first);
    assertThat(certificate.handler(UnpooledByteBufAllocator.DEFAULT)).isNotNull();
    TestCertificate.write(folder, "three");
    touch(files);
    certificate.refresh();
    assertThat(certificate.inUse()).isNotSameAs(first);
  }

  /** RFC 9325, and the two suites that RFC 8489 §6.2.3 names. */
  @Test
  void offersNoTlsThatIsKnownToBeWeak() throws Exception {
    TestCertificate files = TestCertificate.write(folder, "one");
    var certificate = new ServerCertificate(files.chain(), files.key());
    var engine = certificate.handler(UnpooledByteBufAllocator.DEFAULT).engine();
    assertThat(engine.getEnabledProtocols()).containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
    assertThat(engine.getEnabledCipherSuites())
        .contains("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256")
        .allMatch(suite -> suite.contains("_GCM_") || suite.contains("_POLY1305_"))
        .allMatch(suite -> suite.contains("DHE_") || !suite.contains("_WITH_")); // 1.3 names no key
  }

  /** Another time, whatever the file system's clock can tell apart. */
  private void touch(TestCertificate files) throws Exception {
    Instant other = Files.getLastModifiedTime(files.chain()).toInstant().plusSeconds(++touched * 5);
    Files.setLastModifiedTime(files.chain(), FileTime.from(other));
  }

  private long touched;
}
