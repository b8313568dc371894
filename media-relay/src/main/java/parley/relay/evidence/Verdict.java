package parley.relay.evidence;

import java.util.List;

/**
 * What a verification came to.
 *
 * @param call the uid of the call, as the seal names it; empty when it names none
 * @param findings what is not as it was sealed, the first ones first; none: all is as it was
 * @param end how the recording ended: complete, stopped or interrupted; empty when the seal does
 *     not say
 * @param files sealed files
 * @param segments sealed segments of tracks
 * @param bytes sealed bytes
 * @param recoveredBytes those among them that were sealed only after a crash: whoever could write
 *     to the disk in between could have changed them
 */
public record Verdict(
    String call,
    List<Finding> findings,
    String end,
    int files,
    int segments,
    long bytes,
    long recoveredBytes) {

  public Verdict {
    findings = List.copyOf(findings);
  }

  /** Whether every byte is as it was sealed by the owner of the key. */
  public boolean proven() {
    return findings.isEmpty();
  }
}
