package parley.relay.srtp;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The cryptographic contexts of both directions (RFC 3711 §3.2). Every SSRC has its roll-over
 * counter and replay window; state for an incoming one comes into being only when its first packet
 * has authenticated.
 */
final class CryptoContext implements SrtpTransport {

  /** A client sends one audio stream, perhaps a few anew after re-offers; 64 are an attack. */
  private static final int MAX_INCOMING_SSRCS = 64;

  /**
   * A receiver has a few dozen slots. One that was forgotten and came back would use its key stream
   * twice, so there is no forgetting; more than this is a mistake of ours.
   */
  private static final int MAX_OUTGOING_SSRCS = 1024;

  private static final int RTP_HEADER_BYTES = 12;
  private static final int RTCP_HEADER_BYTES = 8;
  private static final int MAX_RTCP_INDEX = 0x7FFF_FFFF;

  private final SrtpKeys keys;
  private final PacketCipher outgoing;
  private final PacketCipher incoming;
  private final StreamTable outgoingRtp = new StreamTable(MAX_OUTGOING_SSRCS);
  private final StreamTable incomingRtp = new StreamTable(MAX_INCOMING_SSRCS);
  private final StreamTable incomingRtcp = new StreamTable(MAX_INCOMING_SSRCS);

  /** One counter for all SSRCs: receivers only ask that it grows (RFC 3711 §3.4). */
  private int rtcpIndex;

  private boolean closed;

  CryptoContext(SrtpKeys keys, CipherMemory memory) {
    this.keys = keys;
    this.outgoing = cipher(keys.profile(), memory, keys.localKey(), keys.localSalt());
    this.incoming = cipher(keys.profile(), memory, keys.remoteKey(), keys.remoteSalt());
  }

  private static PacketCipher cipher(
      SrtpProfile profile, CipherMemory memory, byte[] masterKey, byte[] masterSalt) {
    KeyDerivation derivation = new KeyDerivation(masterKey, masterSalt);
    return switch (profile) {
      case AEAD_AES_128_GCM -> {
        Libcrypto library = Libcrypto.get();
        yield library == null
            ? new GcmCipher(derivation)
            : new LibcryptoGcmCipher(library, memory, derivation);
      }
      case AES_CM_128_HMAC_SHA1_80 -> new CounterModeCipher(derivation);
    };
  }

  @Override
  public boolean protectRtp(PacketBuffer packet) {
    int headerBytes = rtpHeaderBytes(packet, 0);
    if (closed || headerBytes < 0 || packet.tailroom() < outgoing.rtpOverhead()) {
      return false;
    }
    int ssrc = Bytes.int32(packet.data, packet.offset + 8);
    ReplayWindow known = outgoingRtp.get(ssrc);
    if (known == null && outgoingRtp.isFull()) {
      return false;
    }
    ReplayWindow stream = known == null ? new ReplayWindow() : known;
    long index = index(stream, Bytes.int16(packet.data, packet.offset + 2));
    if (index < 0) {
      return false;
    }
    outgoing.protectRtp(packet.data, packet.offset, headerBytes, packet.length, ssrc, index);
    packet.length += outgoing.rtpOverhead();
    markAs(outgoingRtp, ssrc, known, stream, index);
    return true;
  }

  @Override
  public boolean unprotectRtp(PacketBuffer packet) {
    int headerBytes = rtpHeaderBytes(packet, incoming.rtpOverhead());
    if (closed || headerBytes < 0) {
      return false;
    }
    int ssrc = Bytes.int32(packet.data, packet.offset + 8);
    ReplayWindow known = incomingRtp.get(ssrc);
    if (known == null && incomingRtp.isFull()) {
      return false;
    }
    ReplayWindow stream = known == null ? new ReplayWindow() : known;
    long index = index(stream, Bytes.int16(packet.data, packet.offset + 2));
    if (index < 0
        || !stream.admits(index)
        || !incoming.unprotectRtp(
            packet.data, packet.offset, headerBytes, packet.length, ssrc, index)) {
      return false;
    }
    packet.length -= incoming.rtpOverhead();
    markAs(incomingRtp, ssrc, known, stream, index);
    return true;
  }

  @Override
  public boolean protectRtcp(PacketBuffer packet) {
    if (closed
        || rtcpIndex == MAX_RTCP_INDEX
        || !isRtcp(packet, 0)
        || packet.tailroom() < outgoing.rtcpOverhead()) {
      return false;
    }
    rtcpIndex++;
    int ssrc = Bytes.int32(packet.data, packet.offset + 4);
    outgoing.protectRtcp(packet.data, packet.offset, packet.length, ssrc, rtcpIndex);
    packet.length += outgoing.rtcpOverhead();
    return true;
  }

  @Override
  public boolean unprotectRtcp(PacketBuffer packet) {
    if (closed || !isRtcp(packet, incoming.rtcpOverhead())) {
      return false;
    }
    int word = incoming.rtcpIndexWord(packet.data, packet.offset, packet.length);
    if (word >= 0) {
      return false; // not encrypted, which DTLS-SRTP has no way to agree on
    }
    int index = word & MAX_RTCP_INDEX;
    int ssrc = Bytes.int32(packet.data, packet.offset + 4);
    ReplayWindow known = incomingRtcp.get(ssrc);
    if (known == null && incomingRtcp.isFull()) {
      return false;
    }
    ReplayWindow stream = known == null ? new ReplayWindow() : known;
    if (!stream.admits(index)
        || !incoming.unprotectRtcp(packet.data, packet.offset, packet.length, ssrc, index)) {
      return false;
    }
    packet.length -= incoming.rtcpOverhead();
    markAs(incomingRtcp, ssrc, known, stream, index);
    return true;
  }

  private static void markAs(
      StreamTable table, int ssrc, @Nullable ReplayWindow known, ReplayWindow stream, long index) {
    stream.mark(index);
    if (known == null) {
      table.put(ssrc, stream);
    }
  }

  /** The index nearest to the highest one so far (RFC 3711 §3.3.1, appendix A); may be below 0. */
  private static long index(ReplayWindow stream, int sequence) {
    long highest = stream.highest();
    if (highest < 0) {
      return sequence;
    }
    return highest + (short) (sequence - (int) highest);
  }

  /** Header, CSRCs and extension (RFC 3550 §5.1, §5.3.1); -1 if this is no RTP packet. */
  private static int rtpHeaderBytes(PacketBuffer packet, int overhead) {
    int available = packet.length - overhead;
    if (available < RTP_HEADER_BYTES || (packet.data[packet.offset] & 0xC0) != 0x80) {
      return -1;
    }
    int first = packet.data[packet.offset];
    int bytes = RTP_HEADER_BYTES + 4 * (first & 0x0F);
    if ((first & 0x10) != 0) {
      if (bytes + 4 > available) {
        return -1;
      }
      bytes += 4 + 4 * Bytes.int16(packet.data, packet.offset + bytes + 2);
    }
    return bytes <= available ? bytes : -1;
  }

  private static boolean isRtcp(PacketBuffer packet, int overhead) {
    return packet.length - overhead >= RTCP_HEADER_BYTES
        && (packet.data[packet.offset] & 0xC0) == 0x80;
  }

  @Override
  public void close() {
    closed = true;
    outgoing.close();
    incoming.close();
    Arrays.fill(keys.localKey(), (byte) 0);
    Arrays.fill(keys.localSalt(), (byte) 0);
    Arrays.fill(keys.remoteKey(), (byte) 0);
    Arrays.fill(keys.remoteSalt(), (byte) 0);
  }
}
