package parley.relay.call;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the relay needs to know of a client's offer (RFC 8866, 8829): where the client is told from
 * others (ICE, DTLS), and which sections carry audio which way. Candidates are passed over: the
 * client's checks show where it is.
 *
 * @param iceUfrag 4–256 characters
 * @param icePwd 22–256 characters
 * @param fingerprint of the client's certificate: {@code sha-256 AB:CD:…}, upper case; sha-384 and
 *     sha-512 are accepted too
 * @param setup {@code actpass} or {@code active}; empty when the offer does not say
 * @param bundled whether the accepted sections share one transport by a BUNDLE group (RFC 8843)
 * @param mediaIndex which section carries the transport, and so the candidates; from 0
 * @param sections all of them, in order
 */
public record SdpOffer(
    String iceUfrag,
    String icePwd,
    String fingerprint,
    String setup,
    boolean bundled,
    int mediaIndex,
    List<SdpSection> sections) {

  /** A browser's offer with 64 audio sections has about 100 lines of 60 characters each. */
  public static final int MAX_CHARS = 64 * 1024;

  /** What {@link #MAX_CHARS} hold in lines of sixteen characters. */
  static final int MAX_LINES = 4096;

  /** Far above the speakers anybody can tell apart; each costs an answer's section. */
  static final int MAX_SECTIONS = 64;

  public SdpOffer {
    sections = List.copyOf(sections);
  }

  /**
   * @param sdp hostile input
   * @throws SdpException when the offer cannot be served; the message is for the user
   */
  public static SdpOffer parse(String sdp) throws SdpException {
    if (sdp.length() > MAX_CHARS) {
      throw new SdpException("The offer is longer than 64 KB, which no call needs.");
    }
    return new Reader().read(sdp);
  }

  /** The section in which the client sends its voice: the first in which it can; null: none. */
  @Nullable SdpSection microphone() {
    for (SdpSection section : sections) {
      if (section.clientSends()) {
        return section;
      }
    }
    return null;
  }

  /** The sections in which the client hears others, in order. */
  List<SdpSection> receiving() {
    return sections.stream().filter(SdpSection::clientReceives).toList();
  }

  @Override
  public String toString() {
    return "SdpOffer[" + sections.size() + " sections]"; // the password stays out of every log
  }

  /** One pass over the lines, then the decisions. */
  private static final class Reader {
    private final SdpSectionReader session = new SdpSectionReader(null);
    private final List<SdpSectionReader> sections = new ArrayList<>();
    private final List<Set<String>> bundles = new ArrayList<>();

    SdpOffer read(String sdp) throws SdpException {
      if (!sdp.startsWith("v=0")) {
        throw new SdpException("The offer is not SDP: it must begin with v=0.");
      }
      lines(sdp);
      int first = firstAudio();
      SdpSectionReader transport = sections.get(first);
      requireTransport(transport);
      Set<String> bundle = bundleOf(transport.mid());
      List<SdpSection> result = new ArrayList<>(sections.size());
      for (int i = 0; i < sections.size(); i++) {
        SdpSectionReader section = sections.get(i);
        // Another section outside the bundle would want a port of its own.
        boolean bundled = i == first || bundle.contains(section.mid());
        result.add(section.finish(section.isAudio() && bundled));
      }
      return new SdpOffer(
          transport.ufrag(),
          transport.pwd(),
          transport.fingerprint(),
          transport.setup(),
          !bundle.isEmpty(),
          first,
          result);
    }

    private void lines(String sdp) throws SdpException {
      SdpSectionReader current = session;
      int lines = 0;
      int at = 0;
      while (at < sdp.length()) {
        int end = sdp.indexOf('\n', at);
        end = end < 0 ? sdp.length() : end;
        if (++lines > MAX_LINES) {
          throw new SdpException("The offer has more than " + MAX_LINES + " lines.");
        }
        String line = sdp.substring(at, end).strip();
        at = end + 1;
        if (line.startsWith("m=")) {
          current = open(line.substring(2));
        } else if (line.startsWith("a=")) {
          attribute(current, line.substring(2));
        }
      }
    }

    private SdpSectionReader open(String value) throws SdpException {
      SdpSectionReader section = new SdpSectionReader(session);
      if (!section.mediaLine(value)) {
        throw new SdpException("The offer has a media line that is not complete.");
      }
      if (sections.size() == MAX_SECTIONS) {
        throw new SdpException("The offer has more than " + MAX_SECTIONS + " media sections.");
      }
      sections.add(section);
      return section;
    }

    private void attribute(SdpSectionReader current, String attribute) {
      int colon = attribute.indexOf(':');
      String name = colon < 0 ? attribute : attribute.substring(0, colon);
      String value = colon < 0 ? "" : attribute.substring(colon + 1).strip();
      if (name.equals("group") && value.startsWith("BUNDLE ")) {
        Set<String> mids = new HashSet<>(List.of(value.substring(7).strip().split(" +")));
        bundles.add(mids);
      } else {
        current.attribute(name, value);
      }
    }

    /** With Opus, if there is any. */
    private int firstAudio() throws SdpException {
      int first = -1;
      for (int i = sections.size() - 1; i >= 0; i--) {
        boolean opusBehind = first >= 0 && sections.get(first).isOpusAudio();
        if (sections.get(i).isOpusAudio() || (!opusBehind && sections.get(i).isAudio())) {
          first = i;
        }
      }
      if (first < 0) {
        throw new SdpException(
            "The offer has no audio section with the Opus codec (opus/48000/2) or G.711 over"
                + " DTLS-SRTP, which is what this relay speaks.");
      }
      return first;
    }

    private Set<String> bundleOf(String mid) {
      for (Set<String> bundle : bundles) {
        if (!mid.isEmpty() && bundle.contains(mid)) {
          return bundle;
        }
      }
      return Set.of();
    }

    private static void requireTransport(SdpSectionReader transport) throws SdpException {
      if (!isIceText(transport.ufrag(), 4) || !isIceText(transport.pwd(), 22)) {
        throw new SdpException(
            "The offer has no valid ICE credentials (a=ice-ufrag of 4 to 256 characters,"
                + " a=ice-pwd of 22 to 256).");
      }
      if (transport.fingerprint().isEmpty()) {
        throw new SdpException(
            transport.refusedHash().isEmpty()
                ? "The offer has no certificate fingerprint (a=fingerprint), so its media could not"
                    + " be encrypted."
                : "The offer's certificate fingerprint is not usable: sha-256, sha-384 or sha-512"
                    + " is needed, whole.");
      }
      switch (transport.setup().toLowerCase(Locale.ROOT)) {
        case "", "actpass", "active" -> {}
        case "passive" ->
            throw new SdpException(
                "The offer wants the relay to open the DTLS connection (a=setup:passive); offer"
                    + " a=setup:actpass or a=setup:active.");
        default ->
            throw new SdpException(
                "The offer's a=setup is neither actpass nor active, one of which is needed.");
      }
      if (!transport.rtcpMux()) {
        throw new SdpException(
            "The offer does not allow RTCP on the port of the audio (a=rtcp-mux), which is"
                + " needed.");
      }
    }

    /** RFC 8839 §5.4: ice-char is a letter, a digit, plus or slash; some clients add others. */
    private static boolean isIceText(String text, int min) {
      if (text.length() < min || text.length() > 256) {
        return false;
      }
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c <= ' ' || c > '~' || c == ':') {
          return false; // a colon would end the ufrag in a check's USERNAME
        }
      }
      return true;
    }
  }
}
