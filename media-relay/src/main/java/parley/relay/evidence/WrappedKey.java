package parley.relay.evidence;

import java.util.List;

/**
 * A data key as it lies beside its recording.
 *
 * @param id of the data key
 * @param wraps each of them alone is enough to get it back
 */
public record WrappedKey(String id, List<Wrap> wraps) {

  /**
   * @param kek which key it takes
   * @param method how it was wrapped
   */
  public record Wrap(String kek, String method, byte[] bytes) {
    public Wrap {
      bytes = bytes.clone();
    }

    @Override
    public byte[] bytes() {
      return bytes.clone();
    }

    @Override
    public String toString() {
      return "Wrap[" + kek + "]";
    }
  }

  public WrappedKey {
    wraps = List.copyOf(wraps);
  }
}
