package parley.signalling.wire;

import java.util.List;

/**
 * A participant of a call.
 *
 * @param icon URL of the contact's small picture; empty when there is none
 * @param muted whether every device is muted
 */
public record CallOnliner(
    Jid jid,
    String displayName,
    String role,
    String icon,
    boolean muted,
    List<CallDevice> devices) {
  public CallOnliner {
    devices = List.copyOf(devices);
  }
}
