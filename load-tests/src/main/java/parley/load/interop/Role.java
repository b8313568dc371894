package parley.load.interop;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What a client is told: where to sign in, as whom, and what to do.
 *
 * @param url of the server, without a slash at the end
 * @param jid whom to call; empty: answer the first call that rings
 * @param sections how many voices to receive side by side
 * @param toneHz what to send; 0: silence
 * @param codec the only one that a browser is to know, such as {@code PCMU}; empty: all it has
 */
record Role(
    String url, String team, String token, String jid, int sections, int toneHz, String codec) {

  ObjectNode json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("url", url)
        .put("team", team)
        .put("token", token)
        .put("jid", jid)
        .put("sections", sections)
        .put("tone_hz", toneHz)
        .put("codec", codec);
  }

  @Override
  public String toString() {
    return "Role[" + toneHz + " Hz]"; // the token stays out of every log
  }
}
