package parley.relay.call;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import parley.relay.api.PeerId;
import parley.relay.rtp.OutgoingHeader;
import parley.relay.srtp.PacketBuffer;

/** A client that talks and pauses at random, and says in each packet who and which it is. */
final class SimulatedSpeaker {

  static final int FRAME_TICKS = 960;
  private static final int PAYLOAD_BYTES = 70;

  final PeerId id;
  final String contact;
  private final Random random;
  private final boolean dtx;
  private @Nullable RelayPeer peer;
  boolean inCall = true;
  boolean muted;

  /** −dBov of what it says now. */
  int level;

  /** Since when it has been saying it. */
  long sinceNs;

  private int ssrc;
  private int sequence;
  private int timestamp;
  private long spanEndNs;
  private int frames;

  SimulatedSpeaker(String name, String contact, Random random) {
    this.id = new PeerId(name);
    this.contact = contact;
    this.random = random;
    this.dtx = random.nextInt(3) == 0;
    restart();
  }

  /** A new connection: everything that names the stream is new. */
  void restart() {
    ssrc = random.nextInt(1, Integer.MAX_VALUE);
    sequence = random.nextInt(1 << 16);
    timestamp = random.nextInt();
  }

  /** What the relay made of it. */
  RelayPeer peer() {
    return Objects.requireNonNull(peer, "has not offered yet");
  }

  void offered(RelayPeer answered) {
    peer = answered;
  }

  /** Whether what it sends is clearly speech, and no steady noise. */
  boolean speaks() {
    return level <= TalkDetector.LOUDEST_NOISE - TalkDetector.ON_ABOVE_NOISE;
  }

  /** Whether what it sends is clearly none; what lies between is noise after a while. */
  boolean silent() {
    return level > TalkDetector.OFF_LEVEL;
  }

  /** Talks or pauses for a while, at a level of that kind. */
  void decide(long nowNs) {
    if (nowNs >= spanEndNs) {
      hold(random.nextBoolean() ? random.nextInt(20, 31) : random.nextInt(70, 128), nowNs);
      spanEndNs = nowNs + random.nextLong(100_000_000L, 3_000_000_000L);
    }
  }

  /** From now on it says the same, until it decides again. */
  void hold(int newLevel, long nowNs) {
    boolean spoke = speaks();
    level = newLevel;
    if (spoke != speaks()) {
      sinceNs = nowNs;
    }
    spanEndNs = Long.MAX_VALUE;
  }

  /** The next 20 ms; null when discontinuous transmission sends nothing for them. */
  byte @Nullable [] nextPacket() {
    timestamp += FRAME_TICKS;
    frames++;
    if (dtx && silent() && frames % 20 != 0) {
      return null;
    }
    sequence = sequence + 1 & 0xFFFF;
    PacketBuffer buffer = new PacketBuffer();
    var header = new OutgoingHeader(ssrc, 111, 1, 0, "");
    int length = header.write(buffer.data, 0, false, sequence, timestamp, 0, level);
    ByteBuffer payload = ByteBuffer.wrap(buffer.data, length, PAYLOAD_BYTES);
    payload.put((byte) 0x08).putInt(id.hashCode()).putInt(frames);
    buffer.length = length + PAYLOAD_BYTES;
    return buffer.toBytes();
  }

  @Override
  public String toString() {
    return id + (muted ? " muted" : " at -" + level);
  }
}
