package parley.relay.call;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import parley.relay.rtp.AudioCodec;
import parley.relay.rtp.AudioLevel;
import parley.relay.rtp.OutgoingHeader;
import parley.relay.rtp.TransportFeedback;

/**
 * Collects the attributes of one media section, or of the part before the first one, whose
 * attributes hold for every section that does not say otherwise. What cannot be understood is
 * passed over: whether enough is left is decided at the end.
 */
final class SdpSectionReader {

  /** Protocols that mean SRTP keyed by DTLS; the last two are how old clients write it. */
  private static final Set<String> PROTOCOLS =
      Set.of("UDP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVP", "RTP/SAVPF", "RTP/SAVP");

  /** Accepted certificate hashes, best first (RFC 8122 §5; SHA-1 and MD5 are broken). */
  private static final List<String> HASHES = List.of("sha-256", "sha-384", "sha-512");

  private static final List<Integer> HASH_BYTES = List.of(32, 48, 64);

  private final @Nullable SdpSectionReader session;
  private String media = "";
  private String port = "";
  private String protocol = "";
  private String formats = "";
  private String mid = "";
  private @Nullable SdpDirection direction;
  private SdpSection.@Nullable Extension level;
  private SdpSection.@Nullable Extension midExtension;
  private SdpSection.@Nullable Extension transportExtension;
  private boolean bundleOnly;
  private boolean rtcpMux;
  private final Map<Integer, AudioCodec> mapped = new HashMap<>();
  private final Set<Integer> foreign = new HashSet<>();
  private final Set<Integer> reds = new HashSet<>();
  private final Map<Integer, String> formatParameters = new HashMap<>();
  private final Set<String> nacks = new HashSet<>();
  private final Set<String> transportCcs = new HashSet<>();
  private int ssrc;
  private boolean severalSsrcs;
  private @Nullable String ufrag;
  private @Nullable String pwd;
  private @Nullable String setup;
  private @Nullable String fingerprint;
  private int fingerprintRank = HASHES.size();
  private String refusedHash = "";

  /**
   * @param session the part before the first section; null when this is it
   */
  SdpSectionReader(@Nullable SdpSectionReader session) {
    this.session = session;
  }

  /** The value of an {@code m=} line; false when it is none. */
  boolean mediaLine(String value) {
    String[] words = value.split(" ", 4);
    if (words.length < 3) {
      return false;
    }
    media = words[0];
    port = words[1];
    protocol = words[2];
    formats = words.length == 4 ? words[3].strip() : "";
    return true;
  }

  /** One attribute: {@code a=name:value}, or {@code a=name} with an empty value. */
  void attribute(String name, String value) {
    switch (name) {
      case "mid" -> mid = value;
      case "sendrecv", "sendonly", "recvonly", "inactive" ->
          direction = SdpDirection.tryParse(name);
      case "bundle-only" -> bundleOnly = true;
      case "rtcp-mux" -> rtcpMux = true;
      case "ice-ufrag" -> ufrag = value;
      case "ice-pwd" -> pwd = value;
      case "setup" -> setup = value;
      case "fingerprint" -> fingerprint(value);
      case "rtpmap" -> rtpmap(value);
      case "fmtp" -> formatParameters(value);
      case "rtcp-fb" -> feedback(value);
      case "extmap" -> extmap(value);
      case "ssrc" -> ssrc(value);
      default -> {} // nothing the relay needs
    }
  }

  String mid() {
    return mid;
  }

  /** Whether the relay can take part in it at all. */
  boolean isAudio() {
    return payloadType(codec()) >= 0 && isMedia();
  }

  /** Whether the relay can, with Opus. */
  boolean isOpusAudio() {
    return codec() == AudioCodec.OPUS && isAudio();
  }

  private boolean isMedia() {
    return media.equals("audio")
        && PROTOCOLS.contains(protocol.toUpperCase(Locale.ROOT))
        && (!port.equals("0") || bundleOnly); // RFC 8843 §6: port 0 means less when bundle-only
  }

  boolean rtcpMux() {
    return rtcpMux;
  }

  String ufrag() {
    return inherited(ufrag, session == null ? null : session.ufrag);
  }

  String pwd() {
    return inherited(pwd, session == null ? null : session.pwd);
  }

  /** Empty when the offer does not say. */
  String setup() {
    return inherited(setup, session == null ? null : session.setup);
  }

  /** {@code sha-256 AB:CD:…}, upper case; empty when there is none of use. */
  String fingerprint() {
    return inherited(fingerprint, session == null ? null : session.fingerprint);
  }

  /** The hash of a fingerprint that was given but not accepted; empty when there was none. */
  String refusedHash() {
    return refusedHash.isEmpty() && session != null ? session.refusedHash : refusedHash;
  }

  SdpSection finish(boolean accepted) {
    SdpDirection inheritedDirection = session == null ? null : session.direction;
    SdpDirection whole = direction != null ? direction : inheritedDirection;
    return new SdpSection(
        media,
        protocol,
        formats,
        mid,
        accepted,
        whole == null ? SdpDirection.SENDRECV : whole, // RFC 8866 §6.7
        codec(),
        payloadType(codec()),
        red(payloadType(codec())),
        nacks.contains("*") || nacks.contains(Integer.toString(payloadType(codec()))),
        transportCcs.contains("*") || transportCcs.contains(Integer.toString(payloadType(codec()))),
        extension(level, session == null ? null : session.level),
        extension(midExtension, session == null ? null : session.midExtension),
        extension(transportExtension, session == null ? null : session.transportExtension),
        severalSsrcs ? 0 : ssrc);
  }

  /** Opus, if it is there; else the kind of G.711 that the client likes better. */
  private AudioCodec codec() {
    AudioCodec best = null;
    for (String format : formats.split(" ", -1)) {
      AudioCodec codec = codecOf(number(format, 127));
      if (codec == AudioCodec.OPUS) {
        return codec;
      }
      best = best == null ? codec : best;
    }
    return best == null ? AudioCodec.OPUS : best;
  }

  /** The first of the section's formats that is this codec, or −1. */
  private int payloadType(AudioCodec codec) {
    for (String format : formats.split(" ", -1)) {
      int type = number(format, 127);
      if (codecOf(type) == codec) {
        return type;
      }
    }
    return -1;
  }

  /** The first of the formats that is copies of this payload type, or −1. */
  private int red(int type) {
    for (String format : formats.split(" ", -1)) {
      int candidate = number(format, 127);
      String blocks = formatParameters.get(candidate);
      if (reds.contains(candidate)
          && blocks != null
          && List.of(blocks.split("/", -1)).stream().allMatch(Integer.toString(type)::equals)) {
        return candidate;
      }
    }
    return -1;
  }

  /** {@code 111 nack}, but not {@code 96 nack pli}; {@code 111 transport-cc}. */
  private void feedback(String value) {
    String[] words = value.split(" +", 3);
    if (words.length != 2) {
      return;
    }
    switch (words[1]) {
      case "nack" -> nacks.add(words[0]);
      case "transport-cc" -> transportCcs.add(words[0]);
      default -> {} // about pictures, or unknown
    }
  }

  private void formatParameters(String value) {
    String[] words = value.split(" ", 2);
    int type = number(words[0], 127);
    if (type >= 0 && words.length == 2) {
      formatParameters.putIfAbsent(type, words[1].strip());
    }
  }

  private @Nullable AudioCodec codecOf(int type) {
    AudioCodec codec = mapped.get(type);
    return codec == null && !foreign.contains(type) ? AudioCodec.ofStaticType(type) : codec;
  }

  private void rtpmap(String value) {
    int space = value.indexOf(' ');
    int type = space < 0 ? -1 : number(value.substring(0, space), 127);
    // With the marker bit, 64–95 would read as RTCP on the one port (RFC 5761 §4).
    if (type < 0 || (type >= 64 && type <= 95)) {
      return;
    }
    AudioCodec codec = AudioCodec.ofEncoding(value.substring(space + 1).strip());
    if (codec == null) {
      foreign.add(type);
      if (value.substring(space + 1).strip().toLowerCase(Locale.ROOT).startsWith("red/48000")) {
        reds.add(type);
      }
    } else {
      mapped.putIfAbsent(type, codec);
    }
  }

  private void extmap(String value) {
    String[] words = value.split(" ", 3);
    if (words.length < 2) {
      return;
    }
    int slash = words[0].indexOf('/');
    int id = number(slash < 0 ? words[0] : words[0].substring(0, slash), 255);
    SdpDirection way =
        slash < 0 ? SdpDirection.SENDRECV : SdpDirection.tryParse(words[0].substring(slash + 1));
    if (id < 1 || way == null) {
      return;
    }
    var extension = new SdpSection.Extension(id, way);
    if (!extension.usable()) {
      return;
    }
    switch (words[1]) {
      case AudioLevel.URI -> level = extension;
      case OutgoingHeader.MID_URI -> midExtension = extension;
      case TransportFeedback.URI -> transportExtension = extension;
      default -> {} // not answered, so not used
    }
  }

  private void ssrc(String value) {
    int space = value.indexOf(' ');
    long number = unsigned32(space < 0 ? value : value.substring(0, space));
    if (number <= 0) {
      return;
    }
    severalSsrcs |= ssrc != 0 && ssrc != (int) number;
    ssrc = (int) number;
  }

  private void fingerprint(String value) {
    String[] words = value.strip().split(" +", 2);
    String hash = words[0].toLowerCase(Locale.ROOT);
    int rank = HASHES.indexOf(hash);
    if (rank < 0 || words.length < 2 || !isHex(words[1], HASH_BYTES.get(rank))) {
      refusedHash = hash;
      return;
    }
    if (rank < fingerprintRank) {
      fingerprintRank = rank;
      fingerprint = hash + " " + words[1].toUpperCase(Locale.ROOT);
    }
  }

  private static boolean isHex(String text, int bytes) {
    if (text.length() != bytes * 3 - 1) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (i % 3 == 2 ? c != ':' : Character.digit(c, 16) < 0 || c > 'f') {
        return false;
      }
    }
    return true;
  }

  private static String inherited(@Nullable String own, @Nullable String above) {
    if (own != null) {
      return own;
    }
    return above == null ? "" : above;
  }

  private static SdpSection.Extension extension(
      SdpSection.@Nullable Extension own, SdpSection.@Nullable Extension above) {
    if (own != null) {
      return own;
    }
    return above == null ? SdpSection.Extension.NONE : above;
  }

  /** A small decimal number, or −1. */
  private static int number(String text, int max) {
    long value = text.length() > 3 ? -1 : unsigned32(text);
    return value > max ? -1 : (int) value;
  }

  private static long unsigned32(String text) {
    if (text.isEmpty() || text.length() > 10) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = value * 10 + (c - '0');
    }
    return value > 0xFFFF_FFFFL ? -1 : value;
  }
}
