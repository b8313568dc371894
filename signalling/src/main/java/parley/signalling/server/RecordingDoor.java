package parley.signalling.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.api.CallId;
import parley.relay.api.RecordingPolicy.Who;
import parley.signalling.audit.Access;
import parley.signalling.audit.AccessLog;
import parley.signalling.directory.Contact;
import parley.signalling.directory.Team;
import parley.signalling.servers.CallAsker;
import parley.signalling.session.ServerCommand;
import parley.signalling.session.ServerReply;
import parley.signalling.wire.Jid;

/**
 * What members of a chat ask of its recordings with their own token: how it is recorded, that they
 * agree to it, and, where the policy lets them, to switch it or to mask a part. All but the first
 * is written down before it is done.
 */
final class RecordingDoor {

  private static final Logger log = LoggerFactory.getLogger(RecordingDoor.class);

  /** Three fields and a reason. */
  private static final int MAX_BODY_BYTES = 8 << 10;

  private static final long PATIENCE_S = 10;

  private static final String REFUSED =
      "the call's policy does not let this contact, or it is over";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Carries out one, and tells how things stand then. */
  private sealed interface Wish {
    record Look() implements Wish {}

    record Agree(boolean agrees) implements Wish {}

    record Switch(boolean on, String why) implements Wish {}

    record Mask(boolean on, @Nullable Jid contact, String why) implements Wish {}
  }

  private final ApiDoor api;
  private final CallAsker calls;
  private final AccessLog accesses;
  private final Function<RoutingContext, String> from;

  /**
   * @param from the address a request comes from, for what is written down
   */
  RecordingDoor(
      ApiDoor api, CallAsker calls, AccessLog accesses, Function<RoutingContext, String> from) {
    this.api = api;
    this.calls = calls;
    this.accesses = accesses;
    this.from = from;
  }

  void mount(Router router) {
    String path = "/api/v4/teams/:team/chats/:chat/recording";
    router
        .get(path)
        .handler(
            context ->
                api.whenIn(context, (team, me) -> answer(context, team, me, new Wish.Look())));
    router
        .post(path)
        .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
        .handler(this::onPost)
        .failureHandler(context -> ApiDoor.refuse(context, ApiError.INVALID_DATA));
  }

  private void onPost(RoutingContext context) {
    Wish wish = wish(context.body().asString());
    api.whenIn(
        context,
        (team, me) -> {
          if (wish == null) {
            ApiDoor.refuse(context, ApiError.INVALID_DATA);
          } else {
            answer(context, team, me, wish);
          }
        });
  }

  private static @Nullable Wish wish(@Nullable String body) {
    JsonNode node;
    try {
      node = JSON.readTree(body == null ? "" : body);
    } catch (JsonProcessingException e) {
      return null;
    }
    JsonNode agree = node.path("agree");
    JsonNode on = node.path("audiorecord");
    JsonNode mask = node.path("mask");
    String why = node.path("why").asText("");
    String contact = node.path("contact").asText("");
    Jid whom = Jid.tryParse(contact);
    boolean wrong = why.length() > Access.MAX_REASON || (!contact.isEmpty() && whom == null);
    if (wrong) {
      return null;
    } else if (agree.isBoolean() && on.isMissingNode() && mask.isMissingNode()) {
      return new Wish.Agree(agree.booleanValue());
    } else if (on.isBoolean() && agree.isMissingNode() && mask.isMissingNode()) {
      return new Wish.Switch(on.booleanValue(), why);
    } else if (mask.isBoolean() && agree.isMissingNode() && on.isMissingNode()) {
      return new Wish.Mask(mask.booleanValue(), whom, why);
    }
    return null;
  }

  private void answer(RoutingContext context, Team team, Contact me, Wish wish) {
    Jid chat = Jid.tryParse(String.valueOf(context.pathParam("chat")));
    if (chat == null) {
      ApiDoor.refuse(context, ApiError.NOT_FOUND);
      return;
    }
    var look = new ServerCommand.LookAtRecording(team, me.jid(), chat);
    CompletionStage<Optional<ServerReply>> done =
        ask(look)
            .thenCompose(state -> carryOut(wish, state, team, me, chat, look, from.apply(context)))
            .handle((reply, failure) -> Optional.ofNullable(reply));
    ApiDoor.whenDone(context, done, reply -> tell(context, reply.orElse(null), who(me)));
  }

  private CompletionStage<ServerReply> carryOut(
      Wish wish,
      ServerReply reply,
      Team team,
      Contact me,
      Jid chat,
      ServerCommand look,
      String address) {
    if (!(reply instanceof ServerReply.RecordingState state)) {
      return CompletableFuture.completedFuture(reply);
    }
    CallId call = state.call();
    String on = call == null ? chat.toString() : call.value();
    var asker = new ServerCommand.Asker(who(me), me.jid(), me.displayName() + " " + me.jid());
    return switch (wish) {
      case Wish.Look _ -> CompletableFuture.completedFuture(state);
      case Wish.Agree agree -> {
        String what = agree.agrees() ? "recording.agree" : "recording.refuse";
        yield written(access(me, what, on, "", address))
            .thenCompose(
                w -> ask(new ServerCommand.Agree(team, me.jid(), chat, agree.agrees(), address)));
      }
      case Wish.Switch change when call != null -> {
        String what = change.on() ? "recording.on" : "recording.off";
        var command = new ServerCommand.SetRecording(team.uid(), call, chat, change.on(), asker);
        yield change(command, access(me, what, on, change.why(), address), look);
      }
      case Wish.Mask mask when call != null -> {
        String what = mask.on() ? "recording.mask" : "recording.unmask";
        String whom = mask.contact() == null ? on : on + " " + mask.contact();
        var command =
            new ServerCommand.MaskRecording(
                team.uid(), call, mask.contact(), mask.on(), mask.why(), asker);
        yield change(command, access(me, what, whom, mask.why(), address), look);
      }
      case Wish.Switch _ -> CompletableFuture.completedFuture(new ServerReply.NoCall());
      case Wish.Mask _ -> CompletableFuture.completedFuture(new ServerReply.NoCall());
    };
  }

  /** Written down, done, and written down again when it was not done after all. */
  private CompletionStage<ServerReply> change(
      ServerCommand command, Access access, ServerCommand look) {
    return written(access)
        .thenCompose(w -> ask(command))
        .thenCompose(
            done -> {
              if (done instanceof ServerReply.OneCall || done instanceof ServerReply.Done) {
                return ask(look);
              }
              return written(access.refused(REFUSED)).thenApply(w -> done);
            });
  }

  private CompletableFuture<ServerReply> ask(ServerCommand command) {
    return calls.ask(command).orTimeout(PATIENCE_S, TimeUnit.SECONDS);
  }

  private static Access access(Contact me, String what, String on, String why, String address) {
    return Access.allowed(me.jid() + " " + me.displayName(), what, on, why, address);
  }

  /** Fails when it cannot be written down: then it is not done. */
  private CompletableFuture<Void> written(Access access) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            accesses.write(access);
          } catch (IOException e) {
            log.error("{} is refused: {}", access.what(), e.getMessage());
            throw new IllegalStateException("not written down", e);
          }
        },
        Thread::startVirtualThread);
  }

  private static void tell(RoutingContext context, @Nullable ServerReply reply, Who me) {
    switch (reply) {
      case null -> ApiDoor.refuse(context, ApiError.UNAVAILABLE);
      case ServerReply.RecordingState state -> ApiDoor.answer(context, RecordingBody.of(state, me));
      case ServerReply.MayNot not -> ApiDoor.refuse(context, ApiError.ACCESS_DENIED);
      case ServerReply.MustBeRecorded must -> ApiDoor.refuse(context, ApiError.ACCESS_DENIED);
      case ServerReply other -> ApiDoor.refuse(context, ApiError.NOT_FOUND);
    }
  }

  private static Who who(Contact me) {
    return me.admin() ? Who.ADMINS : Who.PARTICIPANTS;
  }
}
