package parley.relay.vault;

import java.security.GeneralSecurityException;
import java.security.ProviderException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import parley.relay.evidence.WrappedKey;

/**
 * The keys a process has for data keys: those it wraps new ones with, and those it can unwrap old
 * ones with. Both may be empty.
 *
 * @param wrapping each recording's key is wrapped with every one of these
 * @param others further ones that unwrap: retired, or private halves
 */
public record KeyRing(List<KeyEncryptionKey> wrapping, List<KeyEncryptionKey> others) {

  /** Recordings stay as they are, and encrypted ones cannot be read. */
  public static final KeyRing NONE = new KeyRing(List.of(), List.of());

  public KeyRing {
    wrapping = List.copyOf(wrapping);
    others = List.copyOf(others);
  }

  /** Whether new recordings are encrypted. */
  public boolean protects() {
    return !wrapping.isEmpty();
  }

  /** The same with one more that unwraps. */
  public KeyRing with(KeyEncryptionKey key) {
    var more = new ArrayList<>(others);
    more.add(key);
    return new KeyRing(wrapping, more);
  }

  /**
   * A data key that is what it should be for every wrapping key.
   *
   * @throws GeneralSecurityException when one of them does not work
   */
  public WrappedKey wrap(DataKey key) throws GeneralSecurityException {
    var wraps = new ArrayList<WrappedKey.Wrap>();
    for (KeyEncryptionKey each : wrapping) {
      wraps.add(new WrappedKey.Wrap(each.id(), each.method(), each.wrap(key)));
    }
    return new WrappedKey(key.id(), wraps);
  }

  /**
   * Turns a wrapped key back.
   *
   * @throws GeneralSecurityException with a sentence, when no key of ours can
   */
  public DataKey unwrap(WrappedKey wrapped) throws GeneralSecurityException {
    Exception failure = null;
    for (WrappedKey.Wrap wrap : wrapped.wraps()) {
      for (KeyEncryptionKey key : Stream.concat(wrapping.stream(), others.stream()).toList()) {
        if (key.unwraps() && key.id().equals(wrap.kek()) && key.method().equals(wrap.method())) {
          try {
            return key.unwrap(wrap.bytes(), wrapped.id());
          } catch (GeneralSecurityException | ProviderException e) {
            failure = e; // a device may be away, and another key here
          }
        }
      }
    }
    if (failure != null) {
      throw new GeneralSecurityException(
          "none of its keys that are here works: " + failure.getMessage(), failure);
    }
    List<String> wanted = wrapped.wraps().stream().map(WrappedKey.Wrap::kek).toList();
    throw new GeneralSecurityException(
        "it takes one of the keys " + String.join(", ", wanted) + ", of which none is here");
  }
}
