package parley.relay.quality;

import parley.relay.api.LegFigures;
import parley.relay.api.LegReport.Stage;

/**
 * What is known of a leg at one instant; the rules compare two of them.
 *
 * @param atNs when
 * @param stageMs how long it has been in that stage
 * @param keyless connected, and the client has ended DTLS since
 * @param milestones of its set-up
 */
public record Observation(
    long atNs,
    Stage stage,
    long stageMs,
    boolean keyless,
    LegFigures figures,
    Milestones milestones) {

  /** Of a leg whose set-up is nobody's interest. */
  public Observation(long atNs, Stage stage, long stageMs, boolean keyless, LegFigures figures) {
    this(atNs, stage, stageMs, keyless, figures, Milestones.NONE);
  }
}
