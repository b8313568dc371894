package parley.relay.evidence;

import java.util.List;

/**
 * What the verification of an audit log came to.
 *
 * @param lines that hold
 * @param first number of the first line there is; above 1 when older ones were dropped by rule
 * @param last number of the last line that holds
 * @param sha256 of that line
 * @param findings the first line that is not as it was written, if there is one
 */
public record AuditVerdict(
    long lines, long first, long last, String sha256, List<Finding> findings) {

  public AuditVerdict {
    findings = List.copyOf(findings);
  }

  /** Whether every line is as it was written by the owner of the key. */
  public boolean proven() {
    return findings.isEmpty();
  }
}
