package parley.relay.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import parley.relay.api.CallId;
import parley.relay.api.CallInfo;
import parley.relay.api.PeerId;
import parley.relay.api.PeerInfo;
import parley.relay.api.RelayEvent;
import parley.relay.call.RtpSink.Mark;
import parley.relay.evidence.SigningKey;
import parley.relay.mix.Tone;
import parley.relay.recording.Recorder;
import parley.relay.recording.RecordingTap;
import parley.relay.vault.KeyRing;

/**
 * A call in which people are tones, given to the real recorder as a relay would. Times are ms from
 * its beginning, whole numbers of 20 ms.
 */
final class SpokenCall {

  static final CallId CALL = new CallId("0b1ba0a5-5a9a-4fd1-8d38-90a0f6b2d3f1");
  static final Instant NOON = Instant.parse("2026-11-22T12:00:01Z");

  private static final long START_NS = 5_000_000_000_000L;

  private record Deed(long atMs, Runnable what) {}

  private final List<Deed> deeds = new ArrayList<>();
  private final BlockingQueue<RelayEvent> events = new LinkedBlockingQueue<>();
  private final Recorder recorder;
  private final RecordingTap tap;
  private final Path directory;

  SpokenCall(Path directory, SigningKey key, KeyRing ring) {
    this.directory = directory;
    var clock = Clock.fixed(NOON, ZoneOffset.UTC);
    recorder = new Recorder(directory, clock, key, ring, events::add);
    tap = recorder.open(CALL, new CallInfo("team-1", "g-1", "Weekly", NOON), START_NS);
  }

  /** One who takes part. */
  final class Speaker {
    private final PeerId peer;
    private final double hertz;
    private final double amplitude;
    private Tone tone;
    private int sequence;

    private Speaker(String name, double hertz, double amplitude, long joinsMs) {
      peer = new PeerId(name.toLowerCase(Locale.ROOT) + "-1");
      this.hertz = hertz;
      this.amplitude = amplitude;
      tone = new Tone(hertz, amplitude);
      var info = new PeerInfo("d-" + name, name, "");
      at(joinsMs, () -> tap.mark(peer, new Mark.Joined(info, false), ns(joinsMs)));
    }

    /** Sends packets that were captured in this time; they arrive when they are whole. */
    Speaker says(long fromMs, long toMs) {
      at(
          fromMs,
          () -> {
            tone = new Tone(hertz, amplitude); // an encoder that has heard the pause
            tap.mark(peer, new Mark.Talking(true), ns(fromMs));
          });
      for (long ms = fromMs; ms < toMs; ms += 20) {
        long captured = ms;
        at(ms + 20, () -> send(captured));
      }
      at(toMs, () -> tap.mark(peer, new Mark.Talking(false), ns(toMs)));
      return this;
    }

    /** Packets of this time are sent, and arrive nowhere. */
    Speaker loses(long fromMs, long toMs) {
      at(fromMs, () -> sequence += (int) ((toMs - fromMs) / 20));
      return this;
    }

    Speaker mutes(long fromMs, long toMs) {
      at(fromMs, () -> tap.mark(peer, new Mark.Muted(true), ns(fromMs)));
      at(toMs, () -> tap.mark(peer, new Mark.Muted(false), ns(toMs)));
      return this;
    }

    Speaker isMasked(long fromMs, long toMs) {
      at(fromMs, () -> tap.mark(peer, new Mark.Masked(true, "card number"), ns(fromMs)));
      at(toMs, () -> tap.mark(peer, new Mark.Masked(false, ""), ns(toMs)));
      return this;
    }

    Speaker leaves(long atMs) {
      at(atMs, () -> tap.mark(peer, new Mark.Left("left"), ns(atMs)));
      return this;
    }

    private void send(long capturedMs) {
      tone.next();
      tap.rtp(
          peer,
          sequence++ & 0xffff,
          (int) (48 * capturedMs),
          tone.packet(),
          0,
          tone.length(),
          ns(capturedMs + 20));
    }
  }

  Speaker joins(String name, double hertz, long atMs) {
    return joins(name, hertz, 0.3, atMs);
  }

  Speaker joins(String name, double hertz, double amplitude, long atMs) {
    return new Speaker(name, hertz, amplitude, atMs);
  }

  private void at(long ms, Runnable what) {
    deeds.add(new Deed(ms, what));
  }

  private static long ns(long ms) {
    return START_NS + ms * 1_000_000;
  }

  /** All of it happens; the folder of the closed recording. */
  Path ends(long atMs) throws IOException, InterruptedException {
    deeds.sort(Comparator.comparingLong(Deed::atMs)); // stable: what was said first happens first
    deeds.forEach(deed -> deed.what().run());
    tap.close(ns(atMs));
    for (RelayEvent event = events.poll(60, TimeUnit.SECONDS);
        !(event instanceof RelayEvent.RecordingReady);
        event = events.poll(60, TimeUnit.SECONDS)) {
      assertThat(event).isInstanceOf(RelayEvent.Recording.class);
    }
    recorder.close();
    Path folder = directory.resolve("2026-11-22/120001-" + CALL.value());
    assertThat(Files.isDirectory(folder)).isTrue();
    return folder;
  }
}
