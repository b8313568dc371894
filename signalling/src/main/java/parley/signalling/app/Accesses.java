package parley.signalling.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.evidence.AuditEntry;
import parley.relay.evidence.AuditLog;
import parley.relay.evidence.SigningKey;
import parley.signalling.audit.Access;
import parley.signalling.audit.AccessLog;

/**
 * The audit log of a running node. One that cannot be used does not keep calls from being made: it
 * is tried again for each access, and that access is refused.
 */
final class Accesses implements AccessLog {

  private static final Logger log = LoggerFactory.getLogger(Accesses.class);

  private final Path directory;
  private final SigningKey key;
  private final long maxBytes;
  private @Nullable AuditLog open;

  Accesses(Path directory, SigningKey key, int maxMib) {
    this.directory = directory;
    this.key = key;
    this.maxBytes = (long) maxMib << 20;
    try {
      AuditLog.Head head = audit().head();
      log.info("audit log {}: {} lines, the last one {}", directory, head.n(), head.sha256());
    } catch (IOException e) {
      log.error("{}", e.getMessage());
    }
  }

  @Override
  public void write(Access access) throws IOException {
    audit()
        .write(
            new AuditEntry(
                access.who(),
                access.what(),
                access.on(),
                access.why(),
                access.from(),
                access.outcome()));
  }

  private synchronized AuditLog audit() throws IOException {
    AuditLog found = open;
    if (found == null) {
      found = AuditLog.open(directory, key, Clock.systemUTC(), maxBytes);
      open = found;
    }
    return found;
  }
}
