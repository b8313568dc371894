package parley.load.interop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Every kind of client in every kind of call: who hears whom. A kind that is not installed here has
 * its cells too, which say so.
 */
public final class Matrix {

  private final Path installed;
  private final boolean quick;
  private final Consumer<String> progress;

  /**
   * @param installed where {@code install-clients} has left what it installed
   * @param quick each kind in the fewest calls; else with each other
   * @param progress is told of each call, a line each
   */
  public Matrix(Path installed, boolean quick, Consumer<String> progress) {
    this.installed = installed;
    this.quick = quick;
    this.progress = progress;
  }

  /** Plays everything; takes minutes. */
  public List<Cell> play() throws IOException {
    try (Clients clients = new Clients(installed)) {
      Map<ClientKind, String> missing = new EnumMap<>(ClientKind.class);
      for (ClientKind kind : ClientKind.values()) {
        clients.missing(kind).ifPresent(why -> missing.put(kind, why));
      }
      List<ClientKind> present =
          Stream.of(ClientKind.values()).filter(kind -> !missing.containsKey(kind)).toList();
      for (ClientKind kind : present) {
        progress.accept(kind + " " + clients.version(kind));
      }
      missing.forEach((kind, why) -> progress.accept(kind + " is missing: " + why));
      return cells(missing, present.isEmpty() ? List.of() : play(clients, present));
    }
  }

  private List<Heard> play(Clients clients, List<ClientKind> kinds) throws IOException {
    List<Scene> scenes = quick ? Scene.few(kinds) : Scene.all(kinds);
    List<Heard> all = new ArrayList<>();
    clients.warmUp(kinds);
    try (Stage stage = new Stage(clients)) {
      int number = 0;
      for (Scene scene : scenes) {
        List<Heard> heard = stage.play(scene);
        all.addAll(heard);
        number++;
        progress.accept(line(number, scenes.size(), scene, heard));
        if (!heard.stream().allMatch(Heard::ok)) {
          explain(heard, stage);
        }
      }
    }
    return all;
  }

  private static String line(int number, int of, Scene scene, List<Heard> heard) {
    List<String> faults =
        heard.stream()
            .filter(one -> !one.ok())
            .map(one -> one.seat().kind() + " " + one.fault())
            .toList();
    return String.format(
        Locale.ROOT,
        "%d/%d  %s  %s",
        number,
        of,
        scene,
        faults.isEmpty()
            ? String.format(
                Locale.ROOT,
                "ok, %.1f s",
                heard.stream().mapToDouble(Heard::seconds).max().orElse(0))
            : String.join("; ", faults));
  }

  private void explain(List<Heard> heard, Stage stage) {
    for (Heard one : heard) {
      if (!one.ok()) {
        progress.accept(one.seat().kind() + " " + one.detail());
      }
    }
    progress.accept("the server's log ended:\n" + stage.log());
  }

  private static List<Cell> cells(Map<ClientKind, String> missing, List<Heard> heard) {
    List<Cell> cells = new ArrayList<>();
    for (ClientKind kind : ClientKind.values()) {
      for (Shape shape : Shape.values()) {
        for (Sections sections : Sections.values()) {
          String why = missing.get(kind);
          cells.add(
              why == null
                  ? Cell.of(kind, shape, sections, of(heard, new Seat(kind, sections), shape))
                  : Cell.missing(kind, shape, sections, why));
        }
      }
    }
    return cells;
  }

  /** What these clients heard in calls of this shape. */
  private static List<Heard> of(List<Heard> all, Seat seat, Shape shape) {
    return all.stream()
        .filter(one -> one.scene().shape() == shape && one.seat().equals(seat))
        .toList();
  }
}
