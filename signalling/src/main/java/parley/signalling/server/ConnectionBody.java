package parley.signalling.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.signalling.servers.LegBody;
import parley.signalling.session.ServerReply;
import parley.signalling.wire.Jid;

/**
 * How somebody is connected to a call, for himself: of the others he is told no figures.
 *
 * @param own his devices' connections, the newest last
 * @param others a sentence for each of the others who are in the call and in trouble; who is muted
 *     is told elsewhere
 */
record ConnectionBody(boolean live, List<LegBody> own, List<Other> others) {

  /** How another is. */
  @JsonInclude(Include.NON_NULL)
  record Other(
      String contact,
      String displayName,
      String fault,
      String effect,
      String sentence,
      @Nullable Double mos) {}

  static ConnectionBody of(ServerReply.Legs legs, Jid me) {
    List<LegBody> own = new ArrayList<>();
    List<Other> others = new ArrayList<>();
    for (ServerReply.Leg leg : legs.legs()) {
      if (leg.isOf(me)) {
        own.add(LegBody.of(leg, leg.report().toUser()));
      } else if (leg.report().live() && !leg.report().fault().isIntended()) {
        LegBody body = LegBody.of(leg, leg.report().sentence());
        others.add(
            new Other(
                body.contact(),
                body.displayName(),
                body.fault(),
                body.effect(),
                body.sentence(),
                body.up().mos()));
      }
    }
    return new ConnectionBody(legs.live(), own, others);
  }
}
