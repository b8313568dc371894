package parley.relay.client;

import java.util.function.IntPredicate;

/**
 * What is wrong with a client, on purpose. All is well at first. Any thread.
 *
 * <p>One of these for each client; its fields are read with every packet.
 */
public final class Ailments {

  private static final int OPUS = 111;

  /** −20 dBov: someone who talks. */
  private static final int SPEECH_LEVEL = 20;

  /** Nothing of the client's leaves it. */
  public volatile boolean blockedUp;

  /** Nothing reaches the client. */
  public volatile boolean blockedDown;

  /** DTLS of the relay does not reach the client. */
  public volatile boolean blockedDtls;

  /** Of its sequence numbers, those of packets that get lost on the way to the relay. */
  public volatile IntPredicate lostUp = _ -> false;

  /** Of the sequence numbers that come, those of packets that get lost, and are not asked for. */
  public volatile IntPredicate lostDown = _ -> false;

  /** −dBov, as its packets say. */
  public volatile int level = SPEECH_LEVEL;

  public volatile int payloadType = OPUS;

  /** Ticks that its clock is ahead. */
  public volatile int clockSkip;

  /** Whether it encrypts with keys of its own invention. */
  public volatile boolean wrongKeys;
}
