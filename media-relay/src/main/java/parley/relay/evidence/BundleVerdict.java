package parley.relay.evidence;

import java.util.List;

/**
 * What the verification of an export bundle came to.
 *
 * @param recording name of the recording's folder
 * @param made when, by whom and why, in words
 * @param seal of the recording in it
 * @param files listed in the bundle
 * @param bytes of these
 * @param auditLines signed lines of the extract of the audit log
 * @param findings what is not as it was exported, the first ones first
 */
public record BundleVerdict(
    String recording,
    String made,
    Verdict seal,
    int files,
    long bytes,
    int auditLines,
    List<Finding> findings) {

  public BundleVerdict {
    findings = List.copyOf(findings);
  }

  /** Whether the recording is as it was sealed, and all else as it was exported. */
  public boolean proven() {
    return seal.proven() && findings.isEmpty();
  }
}
