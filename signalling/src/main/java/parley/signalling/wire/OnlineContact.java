package parley.signalling.wire;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A contact who is online.
 *
 * @param afk away from the keyboard on every session
 * @param mobile on a phone only
 */
public record OnlineContact(
    Jid jid, @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean afk, boolean mobile) {}
