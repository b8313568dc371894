package parley.load.bench.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import parley.load.bench.measure.Pauses;
import parley.load.bench.media.Leg;
import parley.load.bench.media.RemoteEnd;
import parley.load.bench.media.Swarm;

/**
 * Janus' VideoRoom plugin at its best setting: one event loop, ICE lite. A participant has two
 * connections, as Janus wants it: one that publishes, one that subscribes to all voices he hears.
 */
public final class JanusServer implements Welcoming {

  private static final int PATIENCE_S = 40;

  /**
   * In larger rooms those who do not talk do not publish: each would be told of each other one,
   * which is signalling, and none of what is measured.
   */
  private static final int ALL_PUBLISH_UP_TO = 100;

  private final JanusProcess process;
  private final JanusApi api;
  private final Pace pace;

  private final @Nullable Path recordings;
  private final int recordedFrom;
  private long manager;

  private JanusServer(
      JanusProcess process, Pace pace, @Nullable Path recordings, int recordedFrom) {
    this.process = process;
    this.api = process.api();
    this.pace = pace;
    this.recordings = recordings;
    this.recordedFrom = recordedFrom;
  }

  /** Null, saying so, when it cannot be had here. */
  public static @Nullable JanusServer start(Path folder, List<String> prefix, Pace pace)
      throws IOException, InterruptedException {
    JanusProcess process = JanusProcess.start(folder, prefix, "videoroom");
    return process == null ? null : new JanusServer(process, pace, null, 0);
  }

  /**
   * As above, and rooms from {@code recordedFrom} on are recorded by its own recorder.
   *
   * @param recordings where its files are to lie
   */
  public static @Nullable JanusServer recording(
      Path folder, List<String> prefix, Pace pace, Path recordings, int recordedFrom)
      throws IOException, InterruptedException {
    JanusProcess process = JanusProcess.start(folder, prefix, "videoroom");
    return process == null ? null : new JanusServer(process, pace, recordings, recordedFrom);
  }

  /** Closes the recordings' files. */
  public void endRecording(Shape shape) throws IOException, InterruptedException {
    for (int room = recordedFrom; room < shape.rooms(); room++) {
      ObjectNode end = JanusApi.request("enable_recording").put("room", room + 1);
      JsonNode _ = api.message(manager, end.put("record", false), null);
    }
  }

  @Override
  public String name() {
    return "janus";
  }

  @Override
  public String version() {
    return "Janus VideoRoom " + process.version() + ", event_loops=1, ice_lite";
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public Party invite(Shape shape, Swarm swarm) throws IOException, InterruptedException {
    manager = api.attach();
    for (int room = 0; room < shape.rooms(); room++) {
      ObjectNode create = JanusApi.request("create");
      create.put("room", room + 1).put("publishers", shape.people()).put("audiocodec", "opus");
      create.put("notify_joining", false).put("audiolevel_event", false);
      if (recordings != null && room >= recordedFrom) {
        create.put("record", true).put("rec_dir", recordings.toString());
      }
      api.message(manager, create, null);
    }
    // A subscriber names feeds that are there, so everyone publishes before anyone subscribes.
    Party publishing =
        new Joining(pace).all(shape, (room, index) -> publish(shape, swarm, room, index));
    Party subscribing =
        new Joining(pace)
            .all(
                shape,
                (room, index) ->
                    subscribe(
                        shape,
                        swarm,
                        index,
                        publishing.seats().get(room * shape.people() + index)));
    long[] setupNs = new long[shape.participants()];
    for (int i = 0; i < setupNs.length; i++) {
      setupNs[i] = publishing.setupNs()[i] + subscribing.setupNs()[i];
    }
    // One after the other: each participant needs both.
    double each = 1 / publishing.joinsPerSecond() + 1 / subscribing.joinsPerSecond();
    return new Party(subscribing.seats(), setupNs, 1 / each);
  }

  private static long feed(Shape shape, int room, int index) {
    return 1L + (long) room * shape.people() + index;
  }

  private Seat publish(Shape shape, Swarm swarm, int room, int index) throws Exception {
    boolean talks = index < shape.talkers();
    Leg leg = swarm.newLeg();
    if (talks || shape.people() <= ALL_PUBLISH_UP_TO) {
      long handle = api.attach();
      ObjectNode join = JanusApi.request("joinandconfigure").put("ptype", "publisher");
      join.put("room", room + 1).put("id", feed(shape, room, index));
      join.put("audio", true).put("video", false);
      JsonNode reply =
          api.message(handle, join, JanusApi.jsep("offer", ClientOffer.microphone(leg)));
      leg.connect(RemoteEnd.of(sdp(reply))).get(PATIENCE_S, TimeUnit.SECONDS);
    }
    return new Seat(room, talks, leg, leg);
  }

  @Override
  public Arrival expect(Shape shape, Swarm swarm, int person)
      throws IOException, InterruptedException {
    long handle = api.attach();
    Leg leg = swarm.newLeg();
    return new Arrival(leg, () -> listen(shape, handle, leg, 0, person));
  }

  private Seat subscribe(Shape shape, Swarm swarm, int index, Seat publisher) throws Exception {
    Leg leg = swarm.newLeg();
    listen(shape, api.attach(), leg, publisher.room(), index);
    return new Seat(publisher.room(), publisher.talks(), publisher.uplink(), leg);
  }

  private void listen(Shape shape, long handle, Leg leg, int room, int index) throws Exception {
    ObjectNode join = JanusApi.request("join").put("ptype", "subscriber");
    join.put("room", room + 1);
    ArrayNode streams = join.putArray("streams");
    for (int talker = 0; talker < shape.talkers(); talker++) {
      if (Listening.hears(shape, index, talker)) {
        streams.addObject().put("feed", feed(shape, room, talker));
      }
    }
    String offer = sdp(api.message(handle, join, null));
    ObjectNode start = JanusApi.request("start");
    String answer = ClientOffer.listening(leg, streams.size());
    api.message(handle, start, JanusApi.jsep("answer", answer));
    leg.connect(RemoteEnd.of(offer)).get(PATIENCE_S, TimeUnit.SECONDS);
  }

  private static String sdp(JsonNode reply) throws IOException {
    String sdp = reply.path("jsep").path("sdp").asText();
    if (sdp.isEmpty()) {
      throw new IOException("Janus answered without SDP: " + reply.path("plugindata"));
    }
    return sdp;
  }

  @Override
  public long readyNs() {
    return process.readyNs();
  }

  @Override
  public @Nullable Pauses pauses() {
    return null;
  }

  @Override
  public void close() {
    process.close();
  }
}
