package parley.signalling.server;

import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.signalling.directory.Teams;
import parley.stun.IceServer;

/** What clients are told of this installation: {@code /features.json}. */
record OwnFeatures(ServerSettings settings, Teams teams) {

  /**
   * Bare, without the envelope, as clients know it.
   *
   * @param user for whom credentials for TURN are made; null: nobody, and the servers that want
   *     some are left out, for a browser refuses such a server without them, and with it the call
   */
  Bodies.Features of(HttpServerRequest request, @Nullable String user) {
    ServerSettings.Features features = settings.features();
    String host = ClientAddress.of(request).host();
    String region = request.getParam("region");
    List<IceServer> ice = features.iceServersFor(host, user, region);
    return new Bodies.Features(
        true,
        true,
        true,
        features.allowAdminMute() || teams.hasChatsThatOnlyAdminsMute(),
        features.onlyOneDevicePerCall(),
        features.maxParticipants(),
        ice.stream().map(Bodies.Ice::of).toList(),
        (int) features.resend().toSeconds(),
        (int) features.afkAge().toSeconds());
  }
}
