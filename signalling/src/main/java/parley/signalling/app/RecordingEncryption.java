package parley.signalling.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import parley.relay.vault.KeyAddress;
import parley.relay.vault.KeyEncryptionKey;
import parley.relay.vault.KeyRing;
import parley.signalling.settings.Setting;

/** With which keys recordings are encrypted, as it is set. */
record RecordingEncryption(
    @Setting(
            "Keys that each recording's own key is wrapped with, any of which opens it; none: not"
                + " encrypted. file:PATH (openssl rand -base64 32), pkcs12:PATH#ALIAS,"
                + " pkcs11:LIBRARY#ALIAS, or public:PATH (X25519 or RSA, PEM), whose private half"
                + " need not be here")
        List<String> keys,
    @Setting("Keys that recordings were wrapped with before, to read and to rewrap them")
        List<String> oldKeys,
    @Setting(
            value = "File with the password of the key stores, or the PIN of the device",
            optional = true)
        String passwordFile) {

  static RecordingEncryption defaults() {
    return new RecordingEncryption(List.of(), List.of(), "");
  }

  /**
   * Opens the keys.
   *
   * @throws IOException with a sentence, for the first that cannot be used
   */
  KeyRing open() throws IOException {
    char[] password = password();
    List<KeyEncryptionKey> wrapping = new ArrayList<>();
    List<KeyEncryptionKey> others = new ArrayList<>();
    for (String address : keys) {
      wrapping.add(KeyAddress.open(address, password));
    }
    for (String address : oldKeys) {
      others.add(KeyAddress.open(address, password));
    }
    return new KeyRing(wrapping, others);
  }

  private char[] password() throws IOException {
    return passwordFile.isEmpty()
        ? new char[0]
        : Files.readString(Path.of(passwordFile)).strip().toCharArray();
  }
}
