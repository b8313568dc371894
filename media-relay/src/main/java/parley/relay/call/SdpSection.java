package parley.relay.call;

import parley.relay.rtp.AudioCodec;
import parley.relay.rtp.OutgoingHeader;

/**
 * One media section of an offer, as far as the relay cares.
 *
 * @param media {@code audio}, {@code video}, {@code application}, …
 * @param protocol third word of the {@code m=} line
 * @param formats the rest of the {@code m=} line
 * @param mid empty when the section has none
 * @param accepted whether the relay takes part in it; else it is answered with port 0
 * @param direction as the client wrote it
 * @param codec Opus, if it was offered, else G.711
 * @param payloadType of the codec; −1 when none of them was offered
 * @param red payload type of the codec with redundant copies (RFC 2198); −1 when not offered
 * @param nack whether single packets may be asked for again (RFC 4585)
 * @param transportCc whether its sender is told when packets came
 * @param level the audio level extension
 * @param midExtension the MID extension
 * @param transportExtension the extension with transport-wide sequence numbers
 * @param ssrc the one SSRC the section announces to send with; 0 when it does not, or several
 */
record SdpSection(
    String media,
    String protocol,
    String formats,
    String mid,
    boolean accepted,
    SdpDirection direction,
    AudioCodec codec,
    int payloadType,
    int red,
    boolean nack,
    boolean transportCc,
    Extension level,
    Extension midExtension,
    Extension transportExtension,
    int ssrc) {

  /**
   * A header extension the client offered (RFC 8285 §5).
   *
   * @param id 0 when it was not offered
   * @param direction as the client wrote it
   */
  record Extension(int id, SdpDirection direction) {
    static final Extension NONE = new Extension(0, SdpDirection.INACTIVE);

    /** The id in packets from the client; 0 when there are none. */
    int idFromClient() {
      return direction.sends() ? id : 0;
    }

    /** The id in packets to the client; 0 when it takes none. */
    int idToClient() {
      return direction.receives() ? id : 0;
    }

    boolean usable() {
      return id >= 1 && id <= OutgoingHeader.MAX_EXTENSION_ID;
    }
  }

  /** Whether the relay sends a stream in it. */
  boolean clientReceives() {
    return accepted && direction.receives();
  }

  boolean clientSends() {
    return accepted && direction.sends();
  }

  SdpSection rejected() {
    return new SdpSection(
        media,
        protocol,
        formats,
        mid,
        false,
        direction,
        codec,
        payloadType,
        red,
        nack,
        transportCc,
        level,
        midExtension,
        transportExtension,
        ssrc);
  }
}
