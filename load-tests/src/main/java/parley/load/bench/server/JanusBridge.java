package parley.load.bench.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import parley.load.bench.media.Leg;
import parley.load.bench.media.RemoteEnd;
import parley.load.bench.media.Swarm;

/** Janus' AudioBridge plugin. */
public final class JanusBridge implements Bridge {

  /**
   * How a room is made.
   *
   * @param samplingRateHz of the mix
   * @param activePackets over so many the audio level is averaged
   * @param averageLevel −dBov: who is louder on average talks
   */
  public record Room(int samplingRateHz, int activePackets, int averageLevel) {

    /** As the plugin has it when nobody says otherwise. */
    public static final int ACTIVE_PACKETS = 100;

    public static final int AVERAGE_LEVEL = 25;

    public Room(int samplingRateHz) {
      this(samplingRateHz, ACTIVE_PACKETS, AVERAGE_LEVEL);
    }
  }

  private static final int PATIENCE_S = 40;

  private final JanusProcess process;
  private final String name;
  private final List<Room> rooms;
  private final int joinsPerSecond;
  private final TalkSink sink;
  private final Queue<Long> handles = new ConcurrentLinkedQueue<>();
  private final Queue<Leg> legs = new ConcurrentLinkedQueue<>();

  private JanusBridge(
      JanusProcess process, String name, List<Room> rooms, int joinsPerSecond, TalkSink sink) {
    this.process = process;
    this.name = name;
    this.rooms = List.copyOf(rooms);
    this.joinsPerSecond = joinsPerSecond;
    this.sink = sink;
  }

  /** Null, saying so, when it cannot be had here. */
  public static @Nullable JanusBridge start(
      String name,
      Path folder,
      List<Room> rooms,
      List<String> prefix,
      int joinsPerSecond,
      TalkSink sink)
      throws IOException, InterruptedException {
    JanusProcess process = JanusProcess.start(folder, prefix, "audiobridge");
    if (process == null) {
      return null;
    }
    JanusBridge bridge = new JanusBridge(process, name, rooms, joinsPerSecond, sink);
    bridge.createRooms();
    return bridge;
  }

  private void createRooms() throws IOException, InterruptedException {
    long manager = process.api().attach();
    for (int i = 0; i < rooms.size(); i++) {
      Room room = rooms.get(i);
      ObjectNode create = JanusApi.request("create").put("room", i + 1);
      create.put("sampling_rate", room.samplingRateHz());
      create.put("audiolevel_ext", true).put("audiolevel_event", true);
      create.put("audio_active_packets", room.activePackets());
      create.put("audio_level_average", room.averageLevel());
      JsonNode _ = process.api().message(manager, create, null);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String version() {
    return "Janus AudioBridge " + process.version() + ", event_loops=1, ice_lite";
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public List<Leg> invite(Swarm swarm, int room, int people, boolean levels)
      throws IOException, InterruptedException {
    Shape shape = new Shape(1, people, people, 1);
    Party party =
        new Joining(Pace.even(joinsPerSecond))
            .all(shape, (always, person) -> enter(swarm, room, person, levels));
    return party.seats().stream().map(Seat::uplink).toList();
  }

  private Seat enter(Swarm swarm, int room, int person, boolean levels) throws Exception {
    JanusApi api = process.api();
    Leg leg = swarm.newLeg();
    legs.add(leg);
    if (!levels) {
      leg.withoutLevels();
    }
    long handle = api.attach();
    handles.add(handle);
    int id = person + 1;
    api.onEvent(handle, event -> onEvent(event, room, id));
    ObjectNode join = JanusApi.request("join").put("room", room + 1).put("id", id);
    join.put("muted", false);
    JsonNode reply = api.message(handle, join, JanusApi.jsep("offer", ClientOffer.active(leg)));
    String sdp = reply.path("jsep").path("sdp").asText();
    if (sdp.isEmpty()) {
      throw new IOException("Janus answered without SDP: " + reply.path("plugindata"));
    }
    leg.connect(RemoteEnd.of(sdp)).get(PATIENCE_S, TimeUnit.SECONDS);
    return new Seat(room, true, leg, leg);
  }

  /** Everybody is told of everybody; each handle looks after its own. */
  private void onEvent(JsonNode event, int room, int id) {
    if (event.path("id").asInt() != id) {
      return;
    }
    switch (event.path("audiobridge").asText()) {
      case "talking" -> sink.onTalking(room, id - 1, true, System.nanoTime());
      case "stopped-talking" -> sink.onTalking(room, id - 1, false, System.nanoTime());
      default -> {} // joins and leaves
    }
  }

  @Override
  public boolean isBusyWhenIdle() {
    return true;
  }

  @Override
  public void dismiss() throws IOException, InterruptedException {
    for (Long handle = handles.poll(); handle != null; handle = handles.poll()) {
      process.api().detach(handle);
    }
    legs.forEach(Leg::close);
    legs.clear();
  }

  @Override
  public void close() {
    legs.forEach(Leg::close);
    process.close();
  }
}
