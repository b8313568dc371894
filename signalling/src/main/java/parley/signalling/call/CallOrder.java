package parley.signalling.call;

import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.signalling.wire.Jid;

/**
 * What a server orders a call to do. Nobody's rights are asked: servers act for the whole chat.
 * Contacts who are not in the chat are passed over.
 */
public sealed interface CallOrder {

  /**
   * The call begins to ring although nobody is in it; it is over when nobody is rung any more and
   * nobody has come. In a direct call both are rung, each by the other.
   *
   * @param by who is shown as the one who rings; in a group he is not rung himself
   * @param members whom to ring in a group; empty: everyone else
   */
  record Start(Person by, List<Jid> members) implements CallOrder {
    public Start {
      members = List.copyOf(members);
    }
  }

  /** The call is over for everyone. */
  record End() implements CallOrder {}

  /**
   * Rings those who are neither in the call nor rung yet.
   *
   * @param by who is shown as the one who rings, whether he is in the call or not
   * @param members empty: everyone else
   */
  record Ring(Person by, List<Jid> members) implements CallOrder {
    public Ring {
      members = List.copyOf(members);
    }
  }

  /**
   * Mutes every device of a contact; he may unmute himself.
   *
   * @param contact null: everyone
   */
  record Mute(@Nullable Jid contact) implements CallOrder {}

  /** Puts a contact out, or ends his ring. He may come back. */
  record Remove(Jid contact) implements CallOrder {}
}
