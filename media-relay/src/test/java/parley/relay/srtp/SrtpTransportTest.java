package parley.relay.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SrtpTransportTest {

  private static final int SSRC = 0x1234abcd;

  private static final List<Pair> GARBAGE_READERS =
      Stream.of(SrtpProfile.values()).map(Pair::new).toList();

  @ParameterizedTest
  @EnumSource(SrtpProfile.class)
  void whatOneSideProtectsTheOtherReads(SrtpProfile profile) {
    Pair pair = new Pair(profile);
    for (int sequence = 100; sequence < 200; sequence++) {
      byte[] plain = rtp(SSRC, sequence, sequence);
      PacketBuffer packet = buffer(plain);

      assertThat(pair.relay.protectRtp(packet)).isTrue();
      assertThat(packet.length).isEqualTo(plain.length + profile.tagBytes);
      assertThat(packet.toBytes()).startsWith(Arrays.copyOf(plain, 12));
      assertThat(HexFormat.of().formatHex(packet.toBytes()))
          .doesNotContain(HexFormat.of().formatHex(plain, 12, plain.length));
      assertThat(pair.client.unprotectRtp(packet)).isTrue();
      assertThat(packet.toBytes()).isEqualTo(plain);
    }
  }

  @ParameterizedTest
  @EnumSource(SrtpProfile.class)
  void readsRtcpBothWays(SrtpProfile profile) {
    Pair pair = new Pair(profile);
    for (int i = 0; i < 10; i++) {
      byte[] plain = rtcp(SSRC, 28 + 4 * i);
      PacketBuffer packet = buffer(plain);
      assertThat(pair.client.protectRtcp(packet)).isTrue();
      assertThat(pair.relay.unprotectRtcp(packet)).isTrue();
      assertThat(packet.toBytes()).isEqualTo(plain);

      PacketBuffer back = buffer(plain);
      assertThat(pair.relay.protectRtcp(back)).isTrue();
      assertThat(pair.client.unprotectRtcp(back)).isTrue();
      assertThat(back.toBytes()).isEqualTo(plain);
    }
  }

  @Test
  void gcmByLibcryptoAllocatesNothing() {
    assumeThat(Libcrypto.get()).isNotNull();
    Pair pair = new Pair(SrtpProfile.AEAD_AES_128_GCM);
    byte[] plain = rtp(SSRC, 1, 100);
    PacketBuffer packet = new PacketBuffer();
    int packets = 20_000;
    protectAndRead(pair, packet, plain, 0, packets);
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    long before = threads.getCurrentThreadAllocatedBytes();
    protectAndRead(pair, packet, plain, packets, packets);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(allocated).isLessThan(2L * packets); // one object a packet would be ten times it
  }

  private static void protectAndRead(
      Pair pair, PacketBuffer packet, byte[] plain, int first, int packets) {
    for (int i = first; i < first + packets; i++) {
      packet.set(plain, 0, plain.length);
      Bytes.putInt32(packet.data, 0, 0x806f_0000 | (i & 0xFFFF)); // version, type, sequence number
      if (!pair.relay.protectRtp(packet) || !pair.client.unprotectRtp(packet)) {
        throw new AssertionError("packet " + i);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(SrtpProfile.class)
  void worksFromTheMiddleOfABuffer(SrtpProfile profile) {
    Pair pair = new Pair(profile);
    byte[] plain = rtp(SSRC, 1, 100);
    PacketBuffer packet = new PacketBuffer();
    packet.offset = 37;
    packet.length = plain.length;
    System.arraycopy(plain, 0, packet.data, 37, plain.length);

    assertThat(pair.relay.protectRtp(packet)).isTrue();
    assertThat(pair.client.unprotectRtp(packet)).isTrue();
    assertThat(packet.toBytes()).isEqualTo(plain);
  }

  @ParameterizedTest
  @EnumSource(SrtpProfile.class)
  void leavesCsrcsAndExtensionInTheClear(SrtpProfile profile) {
    Pair pair = new Pair(profile);
    byte[] plain = rtpWithCsrcAndExtension();
    PacketBuffer packet = buffer(plain);

    assertThat(pair.relay.protectRtp(packet)).isTrue();
    assertThat(packet.toBytes()).startsWith(Arrays.copyOf(plain, 24));
    assertThat(pair.client.unprotectRtp(packet)).isTrue();
    assertThat(packet.toBytes()).isEqualTo(plain);
  }

  @ParameterizedTest
  @EnumSource(SrtpProfile.class)
  void dropsWhatItHasSeen(SrtpProfile profile) {
    Pair pair = new Pair(profile);
    byte[] rtp = pair.protectedRtp(SSRC, 7);
    byte[] rtcp = pair.protectedRtcp(SSRC);

    assertThat(pair.relay.unprotectRtp(buffer(rtp))).isTrue();
    assertThat(pair.relay.unprotectRtp(buffer(rtp))).isFalse();
    assertThat(pair.relay.unprotectRtcp(buffer(rtcp))).isTrue();
    assertThat(pair.relay.unprotectRtcp(buffer(rtcp))).isFalse();
  }

  @ParameterizedTest
  @EnumSource(SrtpProfile.class)
  void readsReorderedPacketsWithinTheWindowOnce(SrtpProfile profile) {
    Pair pair = new Pair(profile);
    byte[][] sent = new byte[400][];
    for (int i = 0; i < sent.length; i++) {
      sent[i] = pair.protectedRtp(SSRC, i);
    }
    assertThat(pair.relay.unprotectRtp(buffer(sent[399]))).isTrue();
    for (int i = 398; i >= 0; i--) {
      boolean inWindow = i > 399 - ReplayWindow.SIZE;
      assertThat(pair.relay.unprotectRtp(buffer(sent[i]))).as("packet %d", i).isEqualTo(inWindow);
      assertThat(pair.relay.unprotectRtp(buffer(sent[i]))).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(SrtpProfile.class)
  void rollsOverManyTimes(SrtpProfile profile) {
    Pair pair = new Pair(profile);
    int sequence = 65_000;
    for (int i = 0; i < 60; i++) {
      byte[] plain = rtp(SSRC, sequence & 0xffff, 20);
      PacketBuffer packet = buffer(plain);
      assertThat(pair.relay.protectRtp(packet)).isTrue();
      if (i % 3 == 0) { // most are lost
        assertThat(pair.client.unprotectRtp(packet)).isTrue();
        assertThat(packet.toBytes()).isEqualTo(plain);
      }
      sequence += 9_000;
    }
  }

  @ParameterizedTest
  @EnumSource(SrtpProfile.class)
  void readsALatePacketFromBeforeTheRollOver(SrtpProfile profile) {
    Pair pair = new Pair(profile);
    byte[] first = pair.protectedRtp(SSRC, 65_534);
    byte[] late = pair.protectedRtp(SSRC, 65_535);
    byte[] next = pair.protectedRtp(SSRC, 0);

    assertThat(pair.relay.unprotectRtp(buffer(first))).isTrue();
    assertThat(pair.relay.unprotectRtp(buffer(next))).isTrue();
    assertThat(pair.relay.unprotectRtp(buffer(late))).isTrue();
  }

  @ParameterizedTest
  @EnumSource(SrtpProfile.class)
  void protectsARetransmissionIntoTheSameBytes(SrtpProfile profile) {
    Pair pair = new Pair(profile);
    byte[] once = pair.protectedRtp(SSRC, 7);
    byte[] again = pair.protectedRtp(SSRC, 7);
    pair.protectedRtp(SSRC, 8);

    assertThat(again).isEqualTo(once);
    assertThat(pair.protectedRtp(SSRC, 7)).isEqualTo(once);
  }

  @ParameterizedTest
  @EnumSource(SrtpProfile.class)
  void keepsStreamsApart(SrtpProfile profile) {
    Pair pair = new Pair(profile);
    for (int round = 0; round < 3; round++) {
      for (int ssrc = 0; ssrc < 60; ssrc++) {
        byte[] plain = rtp(ssrc, ssrc * 1000 + round, 40);
        PacketBuffer packet = buffer(plain);
        assertThat(pair.client.protectRtp(packet)).isTrue();
        assertThat(pair.relay.unprotectRtp(packet)).isTrue();
        assertThat(packet.toBytes()).isEqualTo(plain);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(SrtpProfile.class)
  void takesABoundedNumberOfStreamsFromAClient(SrtpProfile profile) {
    Pair pair = new Pair(profile);
    int accepted = 0;
    for (int ssrc = 0; ssrc < 500; ssrc++) {
      accepted += pair.relay.unprotectRtp(buffer(pair.protectedRtp(ssrc, 1))) ? 1 : 0;
    }
    assertThat(accepted).isEqualTo(64);
    assertThat(pair.relay.unprotectRtp(buffer(pair.protectedRtp(3, 2)))).isTrue();
  }

  @ParameterizedTest
  @EnumSource(SrtpProfile.class)
  void garbageTakesNoStreamsPlace(SrtpProfile profile) {
    Pair pair = new Pair(profile);
    for (int ssrc = 1000; ssrc < 2000; ssrc++) {
      assertThat(pair.relay.unprotectRtp(buffer(rtp(ssrc, 1, 60)))).isFalse();
      assertThat(pair.relay.unprotectRtcp(buffer(rtcp(ssrc, 80)))).isFalse();
    }
    assertThat(pair.relay.unprotectRtp(buffer(pair.protectedRtp(SSRC, 1)))).isTrue();
    assertThat(pair.relay.unprotectRtcp(buffer(pair.protectedRtcp(SSRC)))).isTrue();
  }

  @ParameterizedTest
  @EnumSource(SrtpProfile.class)
  void dropsEveryFlippedBit(SrtpProfile profile) {
    Pair pair = new Pair(profile);
    byte[] rtp = pair.protectedRtp(SSRC, 7);
    byte[] rtcp = pair.protectedRtcp(SSRC);
    for (int bit = 0; bit < rtp.length * 8; bit++) {
      assertThat(pair.relay.unprotectRtp(buffer(flipped(rtp, bit)))).as("rtp %d", bit).isFalse();
    }
    for (int bit = 0; bit < rtcp.length * 8; bit++) {
      assertThat(pair.relay.unprotectRtcp(buffer(flipped(rtcp, bit)))).as("rtcp %d", bit).isFalse();
    }
    assertThat(pair.relay.unprotectRtp(buffer(rtp))).isTrue();
    assertThat(pair.relay.unprotectRtcp(buffer(rtcp))).isTrue();
  }

  @ParameterizedTest
  @EnumSource(SrtpProfile.class)
  void dropsEveryTruncation(SrtpProfile profile) {
    Pair pair = new Pair(profile);
    byte[] rtp = pair.protectedRtp(SSRC, 7);
    byte[] rtcp = pair.protectedRtcp(SSRC);
    for (int length = 0; length < rtp.length; length++) {
      assertThat(pair.relay.unprotectRtp(new PacketBuffer().set(rtp, 0, length))).isFalse();
    }
    for (int length = 0; length < rtcp.length; length++) {
      assertThat(pair.relay.unprotectRtcp(new PacketBuffer().set(rtcp, 0, length))).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(SrtpProfile.class)
  void refusesAPacketWithoutRoomToGrow(SrtpProfile profile) {
    Pair pair = new Pair(profile);
    byte[] plain = rtp(SSRC, 1, PacketBuffer.CAPACITY_BYTES - 12 - profile.tagBytes);

    assertThat(pair.relay.protectRtp(buffer(plain))).isTrue();
    assertThat(pair.relay.protectRtp(buffer(rtp(SSRC, 2, plain.length - 11)))).isFalse();
  }

  @Test
  void readsNothingAfterClose() {
    Pair pair = new Pair(SrtpProfile.AEAD_AES_128_GCM);
    byte[] rtp = pair.protectedRtp(SSRC, 7);

    pair.relay.close();

    assertThat(pair.relay.unprotectRtp(buffer(rtp))).isFalse();
    assertThat(pair.relay.protectRtp(buffer(rtp(SSRC, 1, 20)))).isFalse();
    assertThat(pair.relayKeys.localKey()).containsOnly(0);
  }

  @Property(tries = 2000)
  void garbageNeverThrows(@ForAll @Size(max = 300) byte[] data) {
    for (Pair pair : GARBAGE_READERS) {
      SrtpTransport relay = pair.relay;
      if (data.length > 0) {
        data[0] = (byte) (data[0] & 0x3f | 0x80);
      }
      assertThat(relay.unprotectRtp(buffer(data))).isFalse();
      assertThat(relay.unprotectRtcp(buffer(data))).isFalse();
      relay.protectRtp(buffer(data));
      relay.protectRtcp(buffer(data));
    }
  }

  /** The relay's end and the client's, which has the same keys the other way round. */
  private static final class Pair {
    final SrtpKeys relayKeys;
    final SrtpTransport relay;
    final SrtpTransport client;

    Pair(SrtpProfile profile) {
      Random random = new Random(profile.id);
      byte[] a = bytes(random, profile.keyBytes);
      byte[] b = bytes(random, profile.keyBytes);
      byte[] aSalt = bytes(random, profile.saltBytes);
      byte[] bSalt = bytes(random, profile.saltBytes);
      relayKeys = new SrtpKeys(profile, a, aSalt, b, bSalt);
      relay = SrtpTransports.create(relayKeys);
      client =
          SrtpTransports.create(
              new SrtpKeys(profile, b.clone(), bSalt.clone(), a.clone(), aSalt.clone()));
    }

    byte[] protectedRtp(int ssrc, int sequence) {
      PacketBuffer packet = buffer(rtp(ssrc, sequence, 50));
      assertThat(client.protectRtp(packet)).isTrue();
      return packet.toBytes();
    }

    byte[] protectedRtcp(int ssrc) {
      PacketBuffer packet = buffer(rtcp(ssrc, 60));
      assertThat(client.protectRtcp(packet)).isTrue();
      return packet.toBytes();
    }
  }

  static byte[] rtp(int ssrc, int sequence, int payloadBytes) {
    ByteBuffer packet = ByteBuffer.allocate(12 + payloadBytes);
    packet.put((byte) 0x80).put((byte) 111).putShort((short) sequence);
    packet.putInt(sequence * 960).putInt(ssrc);
    while (packet.hasRemaining()) {
      packet.put((byte) (sequence + packet.position()));
    }
    return packet.array();
  }

  static byte[] rtcp(int ssrc, int bytes) {
    ByteBuffer packet = ByteBuffer.allocate(bytes);
    packet.put((byte) 0x80).put((byte) 200).putShort((short) (bytes / 4 - 1)).putInt(ssrc);
    while (packet.hasRemaining()) {
      packet.put((byte) packet.position());
    }
    return packet.array();
  }

  private static byte[] rtpWithCsrcAndExtension() {
    ByteBuffer packet = ByteBuffer.allocate(24 + 60);
    packet.put((byte) 0x91).put((byte) 111).putShort((short) 5).putInt(960).putInt(SSRC);
    packet.putInt(0x6aefcf3b); // CSRC
    packet.putShort((short) 0xbede).putShort((short) 1).putInt(0x10850000);
    while (packet.hasRemaining()) {
      packet.put((byte) 0x55);
    }
    return packet.array();
  }

  private static byte[] flipped(byte[] data, int bit) {
    byte[] copy = data.clone();
    copy[bit / 8] ^= (byte) (1 << bit % 8);
    return copy;
  }

  static byte[] bytes(Random random, int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  static PacketBuffer buffer(byte[] data) {
    return new PacketBuffer().set(data, 0, data.length);
  }
}
