package parley.relay.mix;

/** Where a mixer puts what it made. */
@FunctionalInterface
public interface MixerOutput {

  /**
   * @param frame the mixer's again afterwards
   */
  void frame(MixedFrame frame);
}
