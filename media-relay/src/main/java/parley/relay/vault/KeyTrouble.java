package parley.relay.vault;

import java.io.IOException;

/** Why nothing can be encrypted: one sentence for people. */
public final class KeyTrouble extends IOException {

  private static final long serialVersionUID = 1L;

  KeyTrouble(String sentence) {
    super(sentence);
  }
}
