package parley.relay.net;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.relay.net.RunningRelay.await;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.Drop;
import parley.relay.api.CallId;
import parley.relay.client.MediaClient;

/** A client whose address changes in the middle of a call, and those who only pretend to be it. */
class RebindingTest {

  @TempDir Path recordings;
  private RunningRelay running;
  private MediaClient alice;
  private MediaClient bob;

  @BeforeEach
  void start() {
    running = new RunningRelay(recordings);
    CallId call = running.open(false);
    alice = running.join(call, "alice", 1);
    bob = running.join(call, "bob", 1);
    alice.speak(true);
    bob.speak(true);
    await("both heard", () -> alice.heardFrom("bob") >= 5 && bob.heardFrom("alice") >= 5);
  }

  @AfterEach
  void stop() {
    running.close();
  }

  @Test
  void isFollowedByItsMediaAloneAndLosesNothingOnItsWay() {
    alice.check(false);
    alice.rebind();
    alice.forget();
    bob.forget();

    await("heard on at the new port", () -> alice.heardFrom("bob") >= 25);
    await("heard on from the new port", () -> bob.heardFrom("alice") >= 25);

    assertThat(running.drops(Drop.UNKNOWN_SOURCE)).isZero();
    assertThat(running.drops(Drop.SRTP_REFUSED)).isZero();
  }

  @Test
  void isFollowedAgainAndAgain() {
    alice.check(false);
    for (int i = 0; i < 40; i++) { // more addresses than a leg keeps
      alice.rebind();
      alice.forget();
      await("heard at port " + i, () -> alice.heardFrom("bob") >= 2);
    }
    assertThat(running.relay.metrics()).isNotNull();
  }

  @Test
  void whoeverRepeatsItsPacketsFromElsewhereGetsNothing() throws IOException {
    try (DatagramSocket stranger = stranger()) {
      for (int i = 0; i < 20; i++) {
        send(stranger, alice.lastSent());
      }
      alice.forget();
      await("alice hears on", () -> alice.heardFrom("bob") >= 25);
      assertThat(hearsNothing(stranger)).isTrue();
    }
    await("refused", () -> running.drops(Drop.SRTP_REFUSED) > 0);
  }

  @Test
  void aFloodOfForgedPacketsCostsFewDigestsAndMovesNobody() throws IOException {
    byte[] forged = alice.lastSent();
    forged[3] = (byte) (forged[3] + 100); // newer than all, so no replay
    try (DatagramSocket stranger = stranger()) {
      for (int i = 0; i < 2_000; i++) {
        send(stranger, forged);
      }
      await(
          "all seen",
          () -> running.drops(Drop.SRTP_REFUSED) > 0 && running.drops(Drop.UNKNOWN_SOURCE) > 1_000);
      alice.forget();
      await("alice hears on", () -> alice.heardFrom("bob") >= 25);
      assertThat(hearsNothing(stranger)).isTrue();
    }
    assertThat(running.drops(Drop.SRTP_REFUSED)).isLessThan(500);
  }

  private static DatagramSocket stranger() throws IOException {
    DatagramSocket socket =
        new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    socket.setSoTimeout(1);
    return socket;
  }

  private void send(DatagramSocket from, byte[] packet) throws IOException {
    from.send(new DatagramPacket(packet, packet.length, alice.relay()));
  }

  /** Since it was opened. */
  private static boolean hearsNothing(DatagramSocket socket) throws IOException {
    try {
      socket.receive(new DatagramPacket(new byte[2048], 2048));
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    }
  }
}
