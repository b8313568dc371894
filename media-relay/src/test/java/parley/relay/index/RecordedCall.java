package parley.relay.index;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import parley.relay.api.CallId;
import parley.relay.api.CallInfo;
import parley.relay.api.PeerId;
import parley.relay.api.PeerInfo;
import parley.relay.api.RecordingPolicy;
import parley.relay.api.RelayEvent;
import parley.relay.call.RtpSink.Mark;
import parley.relay.evidence.SigningKey;
import parley.relay.recording.Recorder;
import parley.relay.recording.RecordingTap;

/** A call for tests, recorded by the real recorder at whatever time it is to have been. */
public final class RecordedCall {

  /** An Opus packet of one 20 ms CELT frame, full band, mono (RFC 6716 §3.1). */
  private static final byte TOC = (byte) 0xf8;

  private static final long MS = 1_000_000;

  private record Person(String jid, String name, List<long[]> talks) {}

  private final String uid;
  private final Instant began;
  private final Duration length;
  private final List<Person> people = new ArrayList<>();
  private String team = "6aefcf3b-e61c-4f35-8b5b-9d762a6a6cf9";
  private String chat = "g-3f7e2a85-49f5-4586-8229-d9c52813dcb2";
  private String title = "Weekly meeting";
  private RecordingPolicy policy = RecordingPolicy.OPTIONAL;

  public RecordedCall(String uid, String began, Duration length) {
    this.uid = uid;
    this.began = Instant.parse(began);
    this.length = length;
  }

  public RecordedCall in(String otherTeam, String otherChat, String otherTitle) {
    team = otherTeam;
    chat = otherChat;
    title = otherTitle;
    return this;
  }

  public RecordedCall by(RecordingPolicy other) {
    policy = other;
    return this;
  }

  /**
   * Somebody is in it from beginning to end.
   *
   * @param talks from and to in ms, pair by pair
   */
  public RecordedCall with(String jid, String name, long... talks) {
    List<long[]> spans = new ArrayList<>();
    for (int i = 0; i < talks.length; i += 2) {
      spans.add(new long[] {talks[i], talks[i + 1]});
    }
    people.add(new Person(jid, name, spans));
    return this;
  }

  /** Records it; returns its folder. */
  public Path record(Path root, SigningKey key) throws Exception {
    var events = new LinkedBlockingQueue<RelayEvent>();
    long startNs = System.nanoTime();
    try (var recorder = new Recorder(root, Clock.fixed(began, ZoneOffset.UTC), key, events::add)) {
      var info = new CallInfo(team, chat, title, began, policy);
      RecordingTap tap = recorder.open(new CallId(uid), info, startNs);
      for (Person person : people) {
        var who = new PeerInfo(person.jid, person.name, "Firefox on Linux");
        tap.mark(new PeerId(person.jid), new Mark.Joined(who, false), startNs);
      }
      say(tap, startNs);
      tap.close(startNs + length.toNanos());
    }
    for (RelayEvent event = events.poll(10, TimeUnit.SECONDS);
        event != null;
        event = events.poll(10, TimeUnit.SECONDS)) {
      if (event instanceof RelayEvent.RecordingReady ready) {
        return ready.directory();
      }
    }
    throw new IOException("it was not recorded");
  }

  private void say(RecordingTap tap, long startNs) {
    byte[] payload = new byte[80];
    payload[0] = TOC;
    for (int packet = 0; packet * 20L < length.toMillis(); packet++) {
      long at = packet * 20L;
      if (packet % 50 == 0) {
        LockSupport.parkNanos(30 * MS); // a second's packets are no more than the tap can hold
      }
      for (Person person : people) {
        for (long[] talk : person.talks) {
          boolean begins = talk[0] / 20 == packet;
          boolean ends = talk[1] / 20 == packet;
          if (begins || ends) {
            var mark = new Mark.Talking(begins);
            tap.mark(new PeerId(person.jid), mark, startNs + at * MS);
          }
        }
        long nowNs = startNs + (at + 20) * MS;
        tap.rtp(new PeerId(person.jid), packet, 960 * packet, payload, 0, payload.length, nowNs);
      }
    }
  }
}
