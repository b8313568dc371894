package parley.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import parley.load.server.WireClient;
import parley.relay.client.ClientCertificate;
import parley.relay.client.MediaClient;
import parley.relay.client.VoicePacket;
import parley.relay.srtp.SrtpProfile;

/** Two people talk, with real media, while others do what they should not. */
final class RunningCall implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** A second of speech. */
  private static final int PACKETS = 50;

  private final WireClient alice;
  private final WireClient bob;
  private final MediaClient aliceVoice = voice("alice");
  private final MediaClient bobVoice = voice("bob");

  /**
   * @param group of both
   */
  RunningCall(String url, String team, String group, String aliceToken, String bobToken)
      throws Exception {
    alice = new WireClient(url, team, aliceToken);
    bob = new WireClient(url, team, bobToken);
    join(alice, aliceVoice, group);
    join(bob, bobVoice, group);
    alice.await("server.call.state", state -> state.path("onliners").size() == 2);
    aliceVoice.speak(true);
    bobVoice.speak(true);
    assertGoesOn();
  }

  private static void join(WireClient who, MediaClient voice, String group) throws Exception {
    who.send(
        "client.call.offer", "jid", group, "muted", false, "trickle", false, "sdp", voice.offer(1));
    voice.connect(who.await("server.call.answer", any -> true).at("/jsep/sdp").asText());
    voice.connected().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static MediaClient voice(String name) {
    ClientCertificate certificate = ClientCertificate.create();
    return new MediaClient(
        name,
        new InetSocketAddress(0).getAddress(),
        certificate,
        certificate.fingerprint(),
        List.of(SrtpProfile.values()));
  }

  /**
   * Each hears the other for a second from now on, packet by packet, and neither was told of
   * anything but that the call goes on.
   */
  void assertGoesOn() {
    aliceVoice.forget();
    bobVoice.forget();
    hears("bob", bobVoice, "alice");
    hears("alice", aliceVoice, "bob");
    for (WireClient each : List.of(alice, bob)) {
      assertThat(each.closed()).isEmpty();
      for (String event : List.of("leave", "restart", "muteall", "buzz", "reject")) {
        assertThat(each.all("server.call." + event)).as(event).isEmpty();
      }
      assertThat(each.all("server.call.state")).noneMatch(state -> state.has("finish"));
      assertThat(each.all("server.warning")).isEmpty();
    }
  }

  private static void hears(String who, MediaClient ears, String speaker) {
    Eventually.until(
        who + " to hear " + speaker,
        PATIENCE,
        () -> ears.heardFrom(speaker) >= PACKETS,
        () -> "heard " + ears.heardFrom(speaker) + " packets");
    List<VoicePacket> heard =
        ears.heard().stream().filter(packet -> packet.speaker().equals(speaker)).toList();
    int span = (heard.getLast().sequence() - heard.getFirst().sequence()) & 0xffff;
    assertThat(heard)
        .as("what is lost between the first and the last")
        .hasSizeGreaterThan(span * 9 / 10);
  }

  @Override
  public void close() {
    aliceVoice.close();
    bobVoice.close();
    alice.close();
    bob.close();
  }
}
