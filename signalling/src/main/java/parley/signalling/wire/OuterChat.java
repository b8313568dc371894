package parley.signalling.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chat as nobody in particular sees it: how servers are told of it.
 *
 * @param jid of a group or task; null: a direct chat, which each side calls by the other's jid
 * @param members the two contacts of a direct chat; null: a group or task
 */
public record OuterChat(
    ChatType chatType,
    @JsonInclude(Include.NON_NULL) @Nullable Jid jid,
    @JsonInclude(Include.NON_NULL) @Nullable List<Jid> members,
    String displayName) {}
