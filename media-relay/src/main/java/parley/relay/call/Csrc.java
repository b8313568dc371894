package parley.relay.call;

/**
 * How a forwarded packet names its speaker (RFC 7667 §3.6.3): the first 32 bits of the UUID in the
 * contact's jid, which every client knows.
 */
final class Csrc {

  private Csrc() {}

  /**
   * @param contact {@code d-6aefcf3b-…}; of anything else a hash, which names nobody but is steady
   */
  static int of(String contact) {
    int start = contact.indexOf('-') + 1;
    if (start > 0 && contact.length() >= start + 8) {
      try {
        return Integer.parseUnsignedInt(contact, start, start + 8, 16);
      } catch (NumberFormatException e) {
        return contact.hashCode(); // no UUID
      }
    }
    return contact.hashCode();
  }
}
