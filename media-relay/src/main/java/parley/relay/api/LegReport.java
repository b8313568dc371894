package parley.relay.api;

import java.util.List;

/**
 * One participant's connection: its figures, and one sentence that says why he cannot hear or be
 * heard. Of a leg that is over, the sentence is about all of its time.
 *
 * @param live whether the leg still is
 * @param ageMs since it began
 * @param local the relay's address of the selected pair, {@code 192.0.2.1:20000}; empty: there is
 *     none
 * @param remote the client's address, as the relay sees it; empty: there is none. Personal data
 * @param lossUpPercent of the last seconds; of a leg that is over, of the whole
 * @param mosUp how others hear him: estimated mean opinion score, 1 to 4.5; {@link
 *     LegFigures#UNKNOWN} when nothing comes
 * @param mosDown how he hears others, likewise
 * @param sentence about the participant by name: effect, cause and remedy
 * @param toUser the same to the participant himself
 * @param troubles what there was, and for how long, longest first
 * @param ended why it ended, for the log; empty while it is live
 * @param course how it went until now, or until it ended
 */
public record LegReport(
    PeerId peer,
    PeerInfo info,
    Stage stage,
    boolean live,
    long ageMs,
    String local,
    String remote,
    LegFigures figures,
    double lossUpPercent,
    double mosUp,
    double mosDown,
    Fault fault,
    String sentence,
    String toUser,
    List<Trouble> troubles,
    String ended,
    LegCourse course) {

  /** How far a leg has come. */
  public enum Stage {
    /** Offered and answered; no connectivity check yet. */
    WAITING,
    /** Connectivity checks come. */
    CHECKING,
    /** DTLS has begun. */
    HANDSHAKING,
    /** Media can flow. */
    CONNECTED
  }

  /** A fault, and for how long it was the one to tell. */
  public record Trouble(Fault fault, long lastedMs) {}

  public LegReport {
    troubles = List.copyOf(troubles);
  }

  @Override
  public String toString() {
    return "LegReport[" + peer + " " + fault.label() + "]"; // addresses stay out of every log
  }
}
