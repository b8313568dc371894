package parley.relay.call;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import parley.relay.api.PeerId;
import parley.relay.api.PeerInfo;
import parley.relay.rtp.AudioLevel;

/** One device in one {@link RelayCall}: its uplink and its receiving slots. */
public final class RelayPeer {

  private final PeerId id;
  private final String cname;
  private final long sdpSession;
  private final int ownSsrc;
  private final Uplink uplink = new Uplink();
  private final Slots slots = new Slots();
  final TalkDetector talk = new TalkDetector();
  final Speaker speaker = new Speaker(this);

  /** Its place among those of this relay. */
  final Speaker near = new Speaker(this);

  /** Whether the other relays have heard it, and not that it fell silent. */
  boolean wentFar;

  final MixListener listener = new MixListener();
  final RecordingGate gate = new RecordingGate();

  /** −dBov of its loudest packet since the last tick. */
  int loudestInTick = AudioLevel.SILENCE;

  /** Its track in the mix; −1: it is not in it. */
  int track = -1;

  private PeerInfo info;
  private int csrc;
  private int offers;
  private boolean muted;

  private @Nullable Object place;
  private boolean connected;
  private boolean left;
  long nextReportNs;

  /**
   * @param cname of the relay in this call
   */
  RelayPeer(PeerId id, PeerInfo info, String cname, RandomGenerator random) {
    this.id = id;
    this.info = info;
    this.csrc = Csrc.of(info.contact());
    this.cname = cname;
    this.ownSsrc = random.nextInt();
    this.sdpSession = random.nextLong(1L << 62); // RFC 8829 §5.2.1
  }

  void negotiate(PeerInfo newInfo, SdpOffer offer, RandomGenerator random) {
    info = newInfo;
    csrc = Csrc.of(newInfo.contact());
    offers++;
    uplink.negotiate(offer.microphone());
    slots.negotiate(offer.receiving(), random);
  }

  public PeerId id() {
    return id;
  }

  public PeerInfo info() {
    return info;
  }

  /** What comes from it. */
  public Uplink uplink() {
    return uplink;
  }

  /** What goes to it. */
  public Slots slots() {
    return slots;
  }

  /** What the driver around the call keeps for it, so that it need not look for it. */
  public @Nullable Object place() {
    return place;
  }

  /**
   * @param kept whatever it is; null: nothing any more
   */
  public void place(@Nullable Object kept) {
    place = kept;
  }

  public boolean muted() {
    return muted;
  }

  public boolean talking() {
    return talk.talking();
  }

  /** Whether its media path is up. */
  public boolean connected() {
    return connected;
  }

  /** Whether its offer has a section in which it sends. */
  public boolean offersMicrophone() {
    return uplink.sends();
  }

  /** How its packets name it to others: the first 32 bits of its contact's UUID. */
  int csrc() {
    return csrc;
  }

  String cname() {
    return cname;
  }

  /** Who reports about its uplink when nothing is being sent to it. */
  int reporterSsrc() {
    return slots.size() > 0 ? slots.at(0).ssrc() : ownSsrc;
  }

  long sdpSession() {
    return sdpSession;
  }

  /** How many offers it has made: the version of the next answer. */
  int offers() {
    return offers;
  }

  boolean sameContact(RelayPeer other) {
    return info.contact().equals(other.info.contact());
  }

  /** Whether others are to hear it. */
  boolean speaks() {
    return uplink.sends() && !muted && !left;
  }

  void muted(boolean on) {
    muted = on;
  }

  void connected(boolean up) {
    connected = up;
  }

  boolean left() {
    return left;
  }

  void leave() {
    left = true;
    connected = false;
  }
}
