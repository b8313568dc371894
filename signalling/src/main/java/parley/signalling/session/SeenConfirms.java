package parley.signalling.session;

import java.util.LinkedHashSet;
import java.util.Set;

/** The confirm_ids a client has used lately, so that a repeated event is not applied twice. */
final class SeenConfirms {

  /** A client resends within seconds; no honest one has so many events under way. */
  static final int REMEMBERED = 256;

  private final Set<String> ids = new LinkedHashSet<>();

  /** Whether it is new; from now on it is not. */
  boolean add(String confirmId) {
    if (!ids.add(confirmId)) {
      return false;
    }
    if (ids.size() > REMEMBERED) {
      var oldest = ids.iterator();
      oldest.next();
      oldest.remove();
    }
    return true;
  }
}
