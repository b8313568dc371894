package parley.load.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Three nodes and the NATS server between them. */
final class Cluster implements AutoCloseable {

  static final int NODES = 3;

  final NatsProcess nats;
  final List<Place> places = new ArrayList<>();

  /**
   * @param folder for everything that is written
   * @param leaseMs after which a node that is not heard is dead
   */
  Cluster(Path folder, ChaosTeam team, int leaseMs) throws IOException {
    Path directory = folder.resolve("directory.yaml");
    team.write(directory);
    nats = new NatsProcess(folder.resolve("nats"));
    Map<String, String> shared =
        Map.of(
            "PARLEY_DIRECTORY_FILE",
            directory.toString(),
            "PARLEY_MEDIA_LOUDEST",
            String.valueOf(team.each()),
            "PARLEY_NATS_LEASE_MS",
            String.valueOf(leaseMs),
            "PARLEY_API_TOKENS",
            "[{name: chaos, token: %s, scopes: ['calls:read']}]".formatted(ChaosTeam.SERVICE));
    try {
      for (int number = 1; number <= NODES; number++) {
        places.add(new Place(number, nats, folder, shared));
      }
    } catch (IOException | RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  List<Place> living() {
    return places.stream().filter(Place::isUp).toList();
  }

  /** The node whose media is at this address. */
  Optional<Place> at(String address) {
    return places.stream().filter(place -> place.address.equals(address)).findFirst();
  }

  @Override
  public void close() throws IOException {
    for (Place place : places) {
      place.close();
    }
    nats.close();
  }
}
