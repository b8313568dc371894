package parley.relay.ice;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import parley.relay.stun.StunCodec;
import parley.relay.stun.StunMessage;

/**
 * One peer's ICE-lite agent (RFC 8445 §2.5): it sends no checks, it answers those of the peer, who
 * controls. A remote address is whatever an authenticated check came from, so a peer behind any NAT
 * is found without its candidates. Owned by one media loop.
 *
 * <p>Inputs are requests, media that came elsewhere, {@link #restart} and time; outputs are answers
 * and {@link #selected()}. Nothing is kept per remote address, so no flood of checks makes it grow.
 */
public final class IceLite {

  /** One answer a check, and the driver drains after every one: more is a driver that does not. */
  private static final int MAX_ANSWERS = 16;

  /** Peers renew consent every 4 to 6 s (RFC 7675 §5.1): where they do not, they no longer are. */
  private static final long ABANDONED_NS = Duration.ofSeconds(7).toNanos();

  /** What is heard is looked at so often within the time of a consent. */
  private static final int HEARD_STEPS = 15;

  private final StunCodec codec;
  private final long consentTimeoutNs;
  private final Queue<Transmit> answers = new ArrayDeque<>();
  private Generation current;
  private @Nullable Generation previous;
  private long consentNs;
  private @Nullable CandidatePair consented;
  private long heardNs;
  private long rejectedChecks;

  /** One set of credentials and where its checks come from; a restart begins the next. */
  private static final class Generation {
    final IceCredentials local;
    final IceCredentials remote;
    @Nullable CandidatePair newestValid;
    @Nullable CandidatePair nominated;

    Generation(IceCredentials local, IceCredentials remote) {
      this.local = local;
      this.remote = remote;
    }

    boolean owns(String localUfrag) {
      // Constant time: a prober must not learn a ufrag letter by letter.
      return MessageDigest.isEqual(
          local.ufrag().getBytes(StandardCharsets.UTF_8),
          localUfrag.getBytes(StandardCharsets.UTF_8));
    }

    @Nullable CandidatePair best() {
      return nominated != null ? nominated : newestValid;
    }
  }

  /**
   * @param remote what the peer's SDP says; a lite agent sends no checks and so never uses the
   *     password
   * @param consentTimeout how long the peer's last check allows us to send (RFC 7675 §5.1: 30 s)
   */
  public IceLite(
      StunCodec codec,
      IceCredentials local,
      IceCredentials remote,
      Duration consentTimeout,
      long nowNs) {
    this.codec = codec;
    this.current = new Generation(local, remote);
    this.consentTimeoutNs = consentTimeout.toNanos();
    this.consentNs = nowNs;
    this.heardNs = nowNs;
  }

  /** Of the newest generation. */
  public IceCredentials local() {
    return current.local;
  }

  /** Of the newest generation. */
  public IceCredentials remote() {
    return current.remote;
  }

  /**
   * Begins a new generation (RFC 8445 §9). The old one keeps answering and stays selected until the
   * new one has a nominated pair; the peer gets a fresh consent time to find one.
   */
  public void restart(IceCredentials local, IceCredentials remote, long nowNs) {
    if (previous == null || current.best() != null) {
      previous = current;
    }
    current = new Generation(local, remote);
    consentNs = nowNs;
  }

  /** Whether a check with this ufrag of ours is for this agent. */
  public boolean owns(String localUfrag) {
    return generationOf(localUfrag) != null;
  }

  /**
   * A STUN message came in; only authenticated binding requests have an effect.
   *
   * @return whether it was one: then {@code pair.remote()} is an address of this peer
   */
  public boolean onRequest(StunMessage request, CandidatePair pair, long nowNs) {
    if (!request.isBindingRequest()) {
      return false; // an indication is a mere keep-alive, and we never asked for a response
    }
    if (request.username() == null || !request.hasIntegrity()) {
      reject(request, pair, 400, "Bad Request", null); // RFC 8489 §9.1.3
      return false;
    }
    Generation generation = generationOf(request.localUfrag());
    // An unknown name costs as much as a wrong password: timing tells nobody who is here.
    String password = (generation == null ? current : generation).local.pwd();
    boolean authentic = codec.verify(request, password);
    if (generation == null || !authentic) {
      reject(request, pair, 401, "Unauthorized", null);
      return false;
    }
    if (!request.unknownRequired().isEmpty()) {
      reject(request, pair, 420, "Unknown Attribute", password);
      return false;
    }
    if (request.iceControlled() != null) {
      // Two controlled agents. A lite one cannot take the other role (RFC 8445 §6.1.1, §7.3.1.1).
      reject(request, pair, 487, "Role Conflict", password);
      return false;
    }
    answer(new Transmit(codec.bindingSuccess(request, pair.remote(), password), pair));
    onValid(generation, pair, request.useCandidate() || isMovedTo(generation, pair, nowNs));
    if (pair.equals(selected())) {
      // The peer's check is its consent (RFC 7675 §5.1), for this pair and no other.
      consentNs = nowNs;
      consented = pair;
    }
    return true;
  }

  /**
   * Media or reports that proved genuine came from this address. Where a check has given consent
   * they renew it: whoever could forge them could forge a check. Clients that know only RFC 8445's
   * keep-alives check no more once they are connected (libnice, so GStreamer and Janus).
   */
  public void onHeard(InetSocketAddress remote, long nowNs) {
    if (nowNs - heardNs < consentTimeoutNs / HEARD_STEPS) {
      return; // not for every packet
    }
    CandidatePair pair = consented;
    if (pair != null && pair.remote().equals(remote) && pair.equals(selected())) {
      heardNs = nowNs;
    }
  }

  /**
   * Whether the peer has moved to this pair without a word. One that nominates every pair it tries
   * (RFC 5245 §8.1.1.2, as Firefox does) keeps the one it likes best, which need not be the one it
   * nominated last: only its consent checks tell.
   */
  private boolean isMovedTo(Generation generation, CandidatePair pair, long nowNs) {
    return generation == current
        && current.nominated != null
        && !pair.equals(current.nominated)
        && nowNs - consentNs >= ABANDONED_NS;
  }

  /**
   * Media that proved genuine, and newer than all before, came on another pair: a NAT has given the
   * peer another address, or it has moved without waiting for its next check. What it is sent goes
   * there, but only a check gives consent: a pair that none follows on lapses as if nothing had
   * come (RFC 7675 §5.1).
   */
  public void onMedia(CandidatePair pair) {
    Generation serving = current;
    if (current.nominated == null && previous != null && previous.best() != null) {
      serving = previous;
    }
    if (serving.nominated != null) {
      serving.nominated = pair;
    } else {
      serving.newestValid = pair;
    }
  }

  private void onValid(Generation generation, CandidatePair pair, boolean nominated) {
    generation.newestValid = pair;
    if (nominated) {
      // Peers may nominate again and again (aggressively, or on a better path): the newest counts.
      generation.nominated = pair;
    }
    if (current.nominated != null) {
      previous = null;
    }
  }

  private void reject(
      StunMessage request, CandidatePair pair, int code, String reason, @Nullable String password) {
    rejectedChecks++;
    answer(new Transmit(codec.bindingError(request, code, reason, password), pair));
  }

  private void answer(Transmit transmit) {
    if (answers.size() < MAX_ANSWERS) {
      answers.add(transmit);
    }
  }

  private @Nullable Generation generationOf(String localUfrag) {
    if (current.owns(localUfrag)) {
      return current;
    }
    return previous != null && previous.owns(localUfrag) ? previous : null;
  }

  public @Nullable Transmit pollTransmit() {
    return answers.poll();
  }

  /** Where media goes: the nominated pair, before that the newest valid one; null before both. */
  public @Nullable CandidatePair selected() {
    if (current.nominated == null && previous != null && previous.best() != null) {
      return previous.best();
    }
    return current.best();
  }

  /** The peer has not confirmed for too long that it wants our packets: stop sending. */
  public boolean consentLapsed(long nowNs) {
    return nowNs - nextDeadlineNs() >= 0;
  }

  /** When {@link #consentLapsed} turns true if no further check comes, nor media. */
  public long nextDeadlineNs() {
    return (heardNs - consentNs > 0 ? heardNs : consentNs) + consentTimeoutNs;
  }

  /** Checks answered with an error, since the beginning. */
  public long rejectedChecks() {
    return rejectedChecks;
  }
}
