package parley.load.scenario;

import parley.signalling.settings.Setting;

/**
 * How those who talk do so: for a while, then not for a while, both exponentially distributed, as
 * in conversations.
 *
 * @param onS NaN: four
 * @param offS NaN: six
 * @param silence empty: sent
 */
public record TalkPlan(
    @Setting(value = "Mean seconds of talking; 4 when left out", max = 86_400, optional = true)
        double onS,
    @Setting(value = "Mean seconds in between; 6 when left out", max = 86_400, optional = true)
        double offS,
    @Setting(
            value =
                "What who does not talk sends: silence as browsers do (sent, when left out), or no"
                    + " packets (none)",
            oneOf = {"sent", "none"},
            optional = true)
        String silence) {

  private static final double USUAL_ON_S = 4;
  private static final double USUAL_OFF_S = 6;

  public TalkPlan {
    onS = Double.isNaN(onS) ? USUAL_ON_S : onS;
    offS = Double.isNaN(offS) ? USUAL_OFF_S : offS;
    silence = silence.isEmpty() ? "sent" : silence;
    if (onS <= 0) {
      throw new IllegalArgumentException("on_s is 0; right would be a number above 0");
    }
  }

  public boolean silenceIsSent() {
    return silence.equals("sent");
  }
}
