package parley.relay.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import parley.relay.rtp.Rtcp;
import parley.relay.rtp.RtcpReader;
import parley.relay.rtp.TransportFeedback;
import parley.relay.srtp.PacketBuffer;

/** Transport-wide feedback: who agreed to it is told when his packets came. */
class ArrivalsTest {

  private static final int ID = 3;

  private final Stage stage = new Stage(3);

  @Test
  void whoAgreedIsToldTenTimesASecond() {
    RelayPeer a = stage.join("a", offer());
    for (int frame = 0; frame < 100; frame++) {
      say(a, frame);
      stage.pass(1);
    }
    assertThat(told()).isBetween(18, 21); // two seconds
  }

  @Test
  void whoDidNotIsNot() {
    RelayPeer a = stage.join("a", Offers.client(1));
    for (int frame = 0; frame < 100; frame++) {
      say(a, frame);
      stage.pass(1);
    }
    assertThat(told()).isZero();
  }

  @Test
  void theMutedAreToldToo() {
    RelayPeer a = stage.join("a", offer());
    stage.call.mute(a.id(), true, stage.nowNs);
    for (int frame = 0; frame < 50; frame++) {
      say(a, frame);
      stage.pass(1);
    }
    assertThat(told()).isPositive();
  }

  private static SdpOffer offer() {
    String sdp =
        Offers.clientSdp(1, 111, 1)
            + "a=rtcp-fb:111 transport-cc\r\na=extmap:"
            + ID
            + " "
            + TransportFeedback.URI
            + "\r\n";
    return Offers.parsed(sdp);
  }

  private void say(RelayPeer from, int frame) {
    byte[] data = {
      (byte) 0x90,
      111,
      (byte) (frame >> 8),
      (byte) frame,
      0,
      0,
      (byte) (frame >> 2),
      0,
      0,
      0,
      0,
      7,
      (byte) 0xBE,
      (byte) 0xDE,
      0,
      1,
      ID << 4 | 1,
      (byte) (frame >> 8),
      (byte) frame,
      0,
      0x08,
      1,
      2,
      3
    };
    PacketBuffer packet = new PacketBuffer().set(data, 0, data.length);
    stage.call.onRtp(from, packet, stage.nowNs);
  }

  private int told() {
    int told = 0;
    RtcpReader reader = new RtcpReader();
    for (Stage.Reported report : stage.reports) {
      reader.wrap(report.packet());
      while (reader.next()) {
        told += reader.type() == Rtcp.TRANSPORT_FEEDBACK && reader.nacks() == 0 ? 1 : 0;
      }
    }
    return told;
  }
}
