package parley.relay.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningKeyTest {

  @TempDir Path folder;

  @Test
  void makesAKeyOnceThatOnlyItsOwnerReads() throws IOException {
    Path file = folder.resolve("keys/seal.key");
    SigningKey made = SigningKey.open(file);

    assertThat(SigningKey.open(file)).isEqualTo(made);
    assertThat(SigningKey.readPublic(folder.resolve("keys/seal.pub"))).isEqualTo(made.publicKey());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void saysWhatIsWrongWithAKey() throws IOException {
    Path file = folder.resolve("seal.key");
    SigningKey.open(file);
    SigningKey.open(folder.resolve("other.key"));
    Files.copy(
        folder.resolve("other.pub"),
        folder.resolve("seal.pub"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> SigningKey.open(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not the public half of");

    Files.delete(folder.resolve("seal.pub"));
    assertThatThrownBy(() -> SigningKey.open(file)).hasMessageContaining("there is no");

    Files.writeString(file, "no key");
    assertThatThrownBy(() -> SigningKey.open(file)).hasMessageContaining("holds no PEM block");
  }

  @Test
  void keepsTheSecretOutOfWords() {
    assertThat(SigningKey.create().toString()).matches("SigningKey\\[[0-9a-f]{16}]");
  }
}
