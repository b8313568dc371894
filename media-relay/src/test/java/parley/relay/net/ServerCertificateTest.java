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

  /** Another time, whatever the file system's clock can tell apart. */
  private void touch(TestCertificate files) throws Exception {
    Instant other = Files.getLastModifiedTime(files.chain()).toInstant().plusSeconds(++touched * 5);
    Files.setLastModifiedTime(files.chain(), FileTime.from(other));
  }

  private long touched;
}
