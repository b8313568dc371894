package parley.relay.call;

import parley.relay.api.IceCandidate;
import parley.relay.rtp.AudioCodec;
import parley.relay.rtp.AudioLevel;
import parley.relay.rtp.OutgoingHeader;
import parley.relay.rtp.TransportFeedback;

/**
 * Writes the relay's answer (RFC 8829 §5.3, RFC 8839, RFC 8843): an ICE-lite, DTLS-passive end that
 * takes the client's voice in one section and sends one stream in each section the client can
 * receive in.
 */
public final class SdpAnswer {

  private static final String END = "\r\n";

  private final SdpOffer offer;
  private final RelayPeer peer;
  private final LocalMedia local;
  private final StringBuilder out = new StringBuilder(2048);
  private final String port;
  private final String connection;

  private SdpAnswer(SdpOffer offer, RelayPeer peer, LocalMedia local) {
    this.offer = offer;
    this.peer = peer;
    this.local = local;
    // candidate:<foundation> <component> <transport> <priority> <address> <port> … (RFC 8839 §5.1)
    String[] words = local.candidates().getFirst().candidate().split(" ", -1);
    String address = words[4];
    this.port = words[5];
    this.connection = "IN " + (address.indexOf(':') < 0 ? "IP4 " : "IP6 ") + address;
  }

  /**
   * @param peer the one that {@link RelayCall#offer} returned for this offer
   */
  public static String write(SdpOffer offer, RelayPeer peer, LocalMedia local) {
    return new SdpAnswer(offer, peer, local).write();
  }

  private String write() {
    line("v=0");
    line("o=- " + peer.sdpSession() + " " + peer.offers() + " " + connection);
    line("s=-");
    line("t=0 0");
    bundle();
    line("a=ice-lite"); // session level only (RFC 8839 §5.3)
    line("a=msid-semantic:WMS *");
    SdpSection speaking = offer.microphone(); // the first of its kind
    int microphone = speaking == null ? -1 : offer.sections().indexOf(speaking);
    int slot = 0;
    for (int i = 0; i < offer.sections().size(); i++) {
      SdpSection section = offer.sections().get(i);
      if (!section.accepted()) {
        reject(section);
        continue;
      }
      accept(section, i == microphone);
      if (section.clientReceives()) {
        stream(slot++);
      }
    }
    return out.toString();
  }

  private void bundle() {
    if (!offer.bundled()) {
      return;
    }
    StringBuilder mids = new StringBuilder();
    for (SdpSection section : offer.sections()) {
      if (section.accepted() && !section.mid().isEmpty()) {
        mids.append(' ').append(section.mid());
      }
    }
    line("a=group:BUNDLE" + mids);
  }

  private void reject(SdpSection section) {
    line("m=" + section.media() + " 0 " + section.protocol() + " " + section.formats());
    line("c=" + connection);
    mid(section);
    line("a=inactive");
  }

  private void accept(SdpSection section, boolean microphone) {
    int type = section.payloadType();
    // Copies first: Chromium sends the format that the answer prefers, and what it sends without
    // copies stays lost, for it knows no NACK for audio unless its page asks for it.
    String types = section.red() < 0 ? "" + type : section.red() + " " + type;
    line("m=audio " + port + " " + section.protocol() + " " + types);
    line("c=" + connection);
    mid(section);
    line("a=" + SdpDirection.of(section.clientReceives(), microphone).text);
    line("a=rtcp-mux");
    line("a=ice-ufrag:" + local.iceUfrag());
    line("a=ice-pwd:" + local.icePwd());
    line("a=fingerprint:" + local.fingerprint());
    line("a=setup:passive");
    line("a=rtpmap:" + type + " " + section.codec().encoding);
    if (section.codec() == AudioCodec.OPUS) {
      line("a=fmtp:" + type + " minptime=10;useinbandfec=1");
    } else {
      line("a=ptime:20"); // what is transcoded has to be as long as a frame of Opus
    }
    if (section.red() >= 0) {
      line("a=rtpmap:" + section.red() + " red/48000/2");
      line("a=fmtp:" + section.red() + " " + type + "/" + type);
    }
    if (section.nack()) {
      line("a=rtcp-fb:" + type + " nack");
    }
    if (section.transportCc() && section.transportExtension().id() != 0) {
      line("a=rtcp-fb:" + type + " transport-cc");
      extension(section.transportExtension(), TransportFeedback.URI);
    }
    extension(section.level(), AudioLevel.URI);
    extension(section.midExtension(), OutgoingHeader.MID_URI);
    // One bundled transport needs them once (RFC 8843 §10), and browsers ignore the repetition;
    // but aiortc takes the candidates of a bundle from the last of its sections.
    for (IceCandidate candidate : local.candidates()) {
      line("a=" + candidate.candidate());
    }
    line("a=end-of-candidates");
  }

  /** The same id, the direction mirrored (RFC 8285 §6). */
  private void extension(SdpSection.Extension offered, String uri) {
    SdpDirection mine = offered.direction().mirrored();
    if (offered.id() == 0 || mine == SdpDirection.INACTIVE) {
      return;
    }
    line(
        "a=extmap:"
            + offered.id()
            + (mine == SdpDirection.SENDRECV ? "" : "/" + mine.text)
            + " "
            + uri);
  }

  /** What clients need before they play anything; each stream has a name of its own. */
  private void stream(int slot) {
    String msid = "parley-" + slot + " audio-" + slot;
    String ssrc = "a=ssrc:" + Integer.toUnsignedString(peer.slots().at(slot).ssrc());
    line("a=msid:" + msid);
    line(ssrc + " cname:" + peer.cname());
    line(ssrc + " msid:" + msid);
  }

  private void mid(SdpSection section) {
    if (!section.mid().isEmpty()) {
      line("a=mid:" + section.mid());
    }
  }

  private void line(String text) {
    out.append(text).append(END);
  }
}
