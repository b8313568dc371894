package parley.signalling.session;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.signalling.call.CallKey;
import parley.signalling.wire.ClientEvent;

/**
 * In what order a client spoke about each call. An owner that is none any more gives back what it
 * was told, and by then the next one may have been told more: an offer that comes after the leave
 * that took it back would be a ghost. Owned by the {@link CallLoop}.
 */
final class Spoken {

  /** The number of what an older node gave back: it knows of none. */
  static final long UNKNOWN = 0;

  /**
   * A device is in one call, and rung by a few others; who speaks of so many more has forgotten the
   * first by then, and a member of many chats shall not cost memory for each of them for good.
   */
  static final int MAX_PLACES = 64;

  /** What a client said, as it said it: of its microphone, or that it leaves. */
  record Words(long number, JsonNode text) {}

  private static final class About {
    long decided;
    long served;
    @Nullable Words sound;
    @Nullable Words leave;
  }

  private final Map<CallKey, About> places = new LinkedHashMap<>(16, 0.75f, true);
  private long last;

  /** Nothing is known any more of what was said of some place up to here. */
  private long forgotten;

  /** The client says this now; returns its number. */
  long add(CallKey place, ClientEvent.OfCall event, JsonNode text) {
    long number = ++last;
    About about = places.get(place);
    if (about == null) {
      forgetOne();
      about = new About();
      about.decided = forgotten;
      places.put(place, about);
    }
    switch (event) {
      case ClientEvent.CallOffer it -> decide(about, number);
      case ClientEvent.CallLeave it -> {
        decide(about, number);
        about.leave = new Words(number, text);
      }
      case ClientEvent.CallReject it -> decide(about, number);
      case ClientEvent.CallSound it -> about.sound = new Words(number, text);
      case ClientEvent.CallBuzz it -> {}
      case ClientEvent.CallBuzzCancel it -> {}
      case ClientEvent.CallTrickle it -> {}
      case ClientEvent.CallMuteAll it -> {}
    }
    return number;
  }

  /** Room for one more. What an owner gives back of the place that goes is void from now on. */
  private void forgetOne() {
    if (places.size() >= MAX_PLACES) {
      About eldest = places.remove(places.keySet().iterator().next());
      forgotten = eldest == null ? forgotten : Math.max(forgotten, eldest.decided);
    }
  }

  /** The client is told what came of what it said so far: an answer, or that it is out. */
  void served(CallKey place) {
    About about = places.get(place);
    if (about != null) {
      about.served = about.decided;
    }
  }

  private static void decide(About about, long number) {
    about.decided = number;
    about.sound = null; // an offer says itself how the microphone is
    about.leave = null;
  }

  /**
   * Whether this counts no more: the client has come or gone since it said it, or was told what
   * came of it, by an owner that died before it could acknowledge it.
   */
  boolean isVoid(CallKey place, long number) {
    About about = places.get(place);
    if (about == null) {
      return number != UNKNOWN && number <= forgotten; // who wants in all the same offers again
    }
    return number != UNKNOWN && (number < about.decided || number == about.served);
  }

  /**
   * With what words the client has left the call for good, and was told so; null: it has not.
   * Whoever owns a call that it is in all the same was away then, and has to hear it once more.
   */
  @Nullable Words left(CallKey place) {
    About about = places.get(place);
    return about != null && about.served == about.decided ? about.leave : null;
  }

  /** What has to be said again behind an offer, so that no microphone is open that was closed. */
  @Nullable Words soundAfter(CallKey place, long number) {
    About about = places.get(place);
    return about != null && number == about.decided ? about.sound : null;
  }
}
