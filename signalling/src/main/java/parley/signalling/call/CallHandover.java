package parley.signalling.call;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.relay.api.RecordingNote;
import parley.signalling.wire.IsoTime;
import parley.signalling.wire.Jid;

/**
 * All that somebody else has to know of a call to go on with it: what the relay holds is not among
 * it, so that every device has to offer again.
 *
 * @param start null: it has only rung so far
 * @param byServer whether a server let it ring
 * @param recordingAsked whether somebody wants it recorded
 * @param recording whether the recorder wrote
 * @param gentime of the last state that was told
 * @param masks who was asked to be kept out of the recording, and why; the empty name is everybody
 * @param agreeing who has agreed to be recorded
 * @param disagreeing who is kept out of the recording because he has not
 * @param consents what people said to being recorded
 * @param everIn contacts who were in it at some time
 */
public record CallHandover(
    CallId uid,
    CallKey place,
    IsoTime created,
    @Nullable IsoTime start,
    boolean byServer,
    boolean recordingAsked,
    boolean recording,
    long gentime,
    List<HeldSeat> seats,
    List<HeldRing> rings,
    Map<String, String> masks,
    List<String> agreeing,
    List<String> disagreeing,
    List<RecordingNote> consents,
    List<Jid> everIn) {

  public CallHandover {
    Objects.requireNonNull(uid);
    Objects.requireNonNull(place);
    Objects.requireNonNull(created);
    seats = List.copyOf(seats);
    rings = List.copyOf(rings);
    masks = Map.copyOf(masks);
    agreeing = List.copyOf(agreeing);
    disagreeing = List.copyOf(disagreeing);
    consents = List.copyOf(consents);
    everIn = List.copyOf(everIn);
  }

  /**
   * A device in the call.
   *
   * @param lost whether its socket had died
   */
  public record HeldSeat(
      Jid contact,
      SessionId session,
      String useragent,
      String instance,
      boolean muted,
      boolean lost) {

    /** The same device; without its socket it has to come back on another. */
    public HeldSeat lostUnless(boolean connected) {
      return new HeldSeat(contact, session, useragent, instance, muted, !connected);
    }
  }

  /** Somebody who is rung. */
  public record HeldRing(Jid contact, Jid ringer, long remainingMs) {}

  /** The same call with these devices. */
  public CallHandover withSeats(List<HeldSeat> now) {
    return new CallHandover(
        uid,
        place,
        created,
        start,
        byServer,
        recordingAsked,
        recording,
        gentime,
        now,
        rings,
        masks,
        agreeing,
        disagreeing,
        consents,
        everIn);
  }

  /** How many contacts are in it. */
  public int onlineCount() {
    return (int) seats.stream().map(HeldSeat::contact).distinct().count();
  }
}
