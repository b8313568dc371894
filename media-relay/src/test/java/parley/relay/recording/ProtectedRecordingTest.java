package parley.relay.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.api.CallId;
import parley.relay.api.CallInfo;
import parley.relay.api.PeerId;
import parley.relay.api.PeerInfo;
import parley.relay.api.RecordingPolicy;
import parley.relay.api.RelayEvent;
import parley.relay.call.RtpSink.Mark;
import parley.relay.evidence.Custody;
import parley.relay.evidence.Deletion;
import parley.relay.evidence.Finding;
import parley.relay.evidence.KeyFile;
import parley.relay.evidence.Seal;
import parley.relay.evidence.SealVerifier;
import parley.relay.evidence.SigningKey;
import parley.relay.evidence.Tampering;
import parley.relay.vault.KeyAddress;
import parley.relay.vault.KeyEncryptionKey;
import parley.relay.vault.KeyRing;
import parley.relay.vault.RecordingReader;
import parley.relay.vault.TrackDecryption;

@Timeout(120)
class ProtectedRecordingTest {

  private static final long MS = 1_000_000;
  private static final SigningKey KEY = SigningKey.create();
  private static final CallId CALL = new CallId("6aefcf3b-e61c-4f35-8b5b-9d762a6a6cf9");
  private static final PeerId ALICE = new PeerId("alice-1");
  private static final PeerId BOB = new PeerId("bob-1");
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:01Z");
  private static final RecordingPolicy KEPT =
      new RecordingPolicy(
          "trading",
          "1",
          RecordingPolicy.Mode.OPTIONAL,
          10,
          false,
          RecordingPolicy.Consent.NOT_ASKED,
          RecordingPolicy.Who.SERVERS,
          RecordingPolicy.Who.SERVERS,
          "seven days",
          7,
          true);
  private static final String TRACK = "01-alice.opus.enc";

  @TempDir Path folder;

  private KeyRing ring = KeyRing.NONE;
  private Path recording = Path.of("");

  private KeyEncryptionKey kek(String name) throws IOException {
    byte[] secret = new byte[32];
    new Random(name.hashCode()).nextBytes(secret);
    Path file = folder.resolve(name);
    Files.writeString(file, Base64.getEncoder().encodeToString(secret));
    return KeyAddress.open("file:" + file, new char[0]);
  }

  /** Seven seconds in which Alice is a tone of 880 Hz; Bob is silent. */
  @BeforeEach
  void record() throws Exception {
    ring = new KeyRing(List.of(kek("kek")), List.of());
    BlockingQueue<RelayEvent> events = new LinkedBlockingQueue<>();
    List<byte[]> tone = Ffmpeg.tone(folder, 880, 7, "-b:a", "48k");
    Clock clock = Clock.fixed(NOON, ZoneOffset.UTC);
    long start = 5_000_000_000_000L;
    try (Recorder recorder =
        new Recorder(folder.resolve("recordings"), clock, KEY, ring, events::add)) {
      var info = new CallInfo("team-1", "g-1", "Weekly", NOON, KEPT);
      RecordingTap tap = recorder.open(CALL, info, start);
      tap.mark(ALICE, new Mark.Joined(new PeerInfo("d-a", "Alice", ""), false), start);
      tap.mark(BOB, new Mark.Joined(new PeerInfo("d-b", "Bob", ""), false), start);
      for (int k = 0; k < tone.size(); k++) {
        byte[] p = tone.get(k);
        tap.rtp(ALICE, k, 960 * k, p, 0, p.length, start + (20L * k + 20) * MS);
      }
      tap.close(start + 7000 * MS);
      for (RelayEvent event = events.poll(60, TimeUnit.SECONDS);
          !(event instanceof RelayEvent.RecordingReady);
          event = events.poll(60, TimeUnit.SECONDS)) {
        assertThat(event).isInstanceOf(RelayEvent.Recording.class);
      }
    }
    recording = folder.resolve("recordings/2026-11-22/120001-" + CALL.value());
  }

  private Path decrypted(String track) throws IOException {
    Path plain = folder.resolve(RecordingReader.plainName(track));
    try (RecordingReader reader = RecordingReader.open(recording, ring);
        InputStream in = reader.track(track)) {
      Files.copy(in, plain, StandardCopyOption.REPLACE_EXISTING);
    }
    return plain;
  }

  @Test
  void isNoSoundToWhoeverLacksTheKeyAndTheSameToWhoeverHasIt() throws Exception {
    byte[] sealed = Files.readAllBytes(recording.resolve(TRACK));
    assertThat(new String(sealed, StandardCharsets.ISO_8859_1))
        .doesNotContain("OggS")
        .doesNotContain("OpusTags");
    assertThatThrownBy(() -> RecordingReader.open(recording, KeyRing.NONE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("it takes one of the keys aes-");

    Path plain = decrypted(TRACK);
    assertThat(Ffmpeg.probe(plain)).contains("codec_name=opus");
    assertThat(Ffmpeg.duration(plain)).isCloseTo(7.0065, within(0.001));
    short[] pcm = Ffmpeg.decode(plain, "libopus");
    assertThat(Ffmpeg.amplitude(pcm, 48_000, 6 * 48_000, 880)).isGreaterThan(1000);
    assertThat(Ffmpeg.probe(decrypted("02-bob.opus.enc"))).contains("codec_name=opus");
    assertThat(TrackDecryption.granule(recording.resolve(TRACK))).isEqualTo(7 * 48_000 + 312);
  }

  @Test
  void isProvenWithoutItsKey() throws IOException {
    var verdict = SealVerifier.verify(recording, KEY.publicKey());
    assertThat(verdict.findings()).isEmpty();
    assertThat(verdict.end()).isEqualTo("complete");
    assertThat(Files.readString(recording.resolve(Seal.FILE))).contains("\nencrypted AES-256-GCM ");
  }

  @Test
  void namesTheSegmentThatWasChanged() throws IOException {
    byte[] sealed = Files.readAllBytes(recording.resolve(TRACK));
    sealed[sealed.length / 2] ^= 4;
    Files.write(recording.resolve(TRACK), sealed);
    assertThatThrownBy(() -> decrypted(TRACK))
        .isInstanceOf(IOException.class)
        .hasMessageMatching("segment \\d+ is not what was encrypted.*");
  }

  @Test
  void refusesATrackInThePlaceOfAnother() throws IOException {
    Files.copy(
        recording.resolve(TRACK),
        recording.resolve("02-bob.opus.enc"),
        StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> decrypted("02-bob.opus.enc")).hasMessageContaining("segment 0 ");
  }

  @Test
  void readsWhatACrashLeftOfATrack() throws Exception {
    byte[] sealed = Files.readAllBytes(recording.resolve(TRACK));
    Path file = recording.resolve(TRACK);
    Files.write(file, Arrays.copyOf(sealed, sealed.length - 7));
    assertThat(Ffmpeg.duration(decrypted(TRACK))).isBetween(5.0, 7.0);
    assertThat(TrackFiles.duration(file)).isBetween(5 * 48_000L, 7 * 48_000L);
  }

  @Test
  void changesKeysWithoutTouchingTheAudio() throws Exception {
    byte[] audio = Files.readAllBytes(recording.resolve(TRACK));
    KeyRing after = new KeyRing(List.of(kek("another")), List.of());
    KeyFile file = KeyFile.read(recording);
    KeyFile.write(recording, file.call(), after.wrap(ring.unwrap(file.key())), KEY);

    assertThat(Files.readAllBytes(recording.resolve(TRACK))).isEqualTo(audio);
    assertThatThrownBy(() -> decrypted(TRACK)).hasMessageContaining("it takes one of the keys");
    ring = after;
    assertThat(Ffmpeg.probe(decrypted(TRACK))).contains("codec_name=opus");
    assertThat(SealVerifier.verify(recording, KEY.publicKey()).findings()).isEmpty();

    KeyFile.write(recording, file.call(), file.key(), SigningKey.create());
    assertThat(SealVerifier.verify(recording, KEY.publicKey()).findings())
        .extracting(Finding::file)
        .containsExactly(KeyFile.FILE);
  }

  @Test
  void findsDamagesInEveryFileToo() throws IOException {
    hold("a letter of the court");
    var random = new Random(3);
    for (int i = 0; i < 300; i++) {
      Path damaged = Files.createDirectory(folder.resolve("damaged-" + i));
      try (var files = Files.list(recording)) {
        for (Path file : files.toList()) {
          Files.copy(file, damaged.resolve(file.getFileName()));
        }
      }
      Tampering.Damage damage = Tampering.apply(damaged, random);
      if (damage.kind() == Tampering.Kind.REMOVE && damage.file().equals(Custody.FILE)) {
        continue; // only the audit log knows that there was one
      }
      assertThat(SealVerifier.verify(damaged, KEY.publicKey()).findings())
          .as("%s", damage)
          .anySatisfy(
              finding -> {
                assertThat(finding.file()).isEqualTo(damage.file());
                assertThat(damage.at()).isBetween(finding.from(), finding.to());
              });
    }
  }

  private void hold(String why) throws IOException {
    Custody.read(recording, KEY.publicKey())
        .add(new Custody.Entry(Custody.Act.HOLD, NOON, "counsel", why, null), KEY);
  }

  @Test
  void isNotDeletedWhileItIsHeldOrHasToBeKept() throws IOException {
    Instant sealed = NOON.plus(Duration.ofDays(7));
    assertThat(Custody.read(recording, KEY.publicKey()).retainedUntil()).contains(sealed);
    assertThatThrownBy(() -> Deletion.delete(recording, NOON, "ops", "space", KEY))
        .as("on hold by policy")
        .hasMessage("it is on legal hold");
    Custody.read(recording, KEY.publicKey())
        .add(new Custody.Entry(Custody.Act.RELEASE, NOON, "counsel", "not wanted", null), KEY);
    assertThatThrownBy(() -> Deletion.delete(recording, NOON, "ops", "space", KEY))
        .hasMessage("it has to be kept until " + sealed);
    Instant later = sealed.plusSeconds(3600);
    Custody.read(recording, KEY.publicKey())
        .add(new Custody.Entry(Custody.Act.RETAIN, NOON, "records", "seven years", later), KEY);
    hold("a letter of the court");

    assertThatThrownBy(() -> Deletion.delete(recording, later, "ops", "space", KEY))
        .hasMessage("it is on legal hold");
    Custody.read(recording, KEY.publicKey())
        .add(new Custody.Entry(Custody.Act.RELEASE, NOON, "counsel", "settled", null), KEY);
    assertThatThrownBy(() -> Deletion.delete(recording, later.minusSeconds(1), "ops", "space", KEY))
        .hasMessage("it has to be kept until " + later);
    assertThat(SealVerifier.verify(recording, KEY.publicKey()).findings()).isEmpty();
    assertThat(recording.resolve(TRACK)).exists();

    Deletion.delete(recording, later, "ops team", "retention is over", KEY);
    try (var left = Files.list(recording)) {
      assertThat(left.map(file -> file.getFileName().toString())).containsExactly(Deletion.FILE);
    }
    assertThat(Deletion.certificate(recording, KEY.publicKey()).orElseThrow())
        .matches(
            "on 2026-11-29T13:00:01Z by ops team: retention is over; key [0-9a-f]{32} destroyed");
    Path certificate = recording.resolve(Deletion.FILE);
    Files.writeString(certificate, Files.readString(certificate).replace("ops", "dev"));
    assertThatThrownBy(() -> Deletion.certificate(recording, KEY.publicKey()))
        .hasMessageContaining("was changed");
  }

  @Test
  void takesNoHoldForGoneThatSomebodyElseReleased() throws IOException {
    hold("a letter of the court");
    Custody.read(recording, KEY.publicKey());
    Path file = recording.resolve(Custody.FILE);
    Files.writeString(file, Files.readString(file).replace("hold ", "release "));
    assertThatThrownBy(() -> Deletion.delete(recording, NOON, "ops", "space", KEY))
        .hasMessageContaining("was changed");
    assertThat(recording.resolve(TRACK)).exists();
  }
}
