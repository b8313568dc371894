package parley.signalling.call;

/** The table of transitions in {@code PROTOCOL.md}: how its words are meant. */
final class Transitions {

  private Transitions() {}

  /** A call in this state, with nothing waiting to be told. */
  static Scene scene(String place, State state) {
    return place.equals("direct") ? direct(state) : group(state);
  }

  /** Alice calls on a1; Bob accepts on b1. */
  private static Scene direct(State state) {
    return switch (state) {
      case NEW -> Scene.direct();
      case RINGING -> Scene.direct().given("offer a1", "answered a1");
      case ACTIVE -> direct(State.RINGING).given("offer b1", "answered b1");
      case RESTARTING -> direct(State.ACTIVE).given("failed");
      case FINISHED -> direct(State.ACTIVE).given("leave a1");
    };
  }

  /**
   * A server has started it for Alice, and all others are rung; or Alice on a1 and Bob on b1 are
   * in, Alice rings Carol, and Dave is a member.
   */
  private static Scene group(State state) {
    return switch (state) {
      case NEW -> Scene.group();
      case RINGING -> Scene.group().given("start Alice");
      case ACTIVE ->
          Scene.group()
              .given("offer a1", "answered a1", "offer b1", "answered b1", "buzz a1 Carol");
      case RESTARTING -> group(State.ACTIVE).given("failed");
      case FINISHED -> group(State.ACTIVE).given("leave a1", "leave b1");
    };
  }

  /**
   * Runs one cell of the table: what stands in brackets comes before, and is not looked at.
   *
   * @return the outputs in words
   */
  static String run(Scene scene, String input) {
    String step = input;
    if (input.startsWith("(")) {
      scene.given(input.substring(1, input.indexOf(')')));
      step = input.substring(input.indexOf(')') + 2);
    }
    String outputs = String.join("; ", scene.does(step));
    String members =
        String.join(",", scene.place.members().stream().sorted().map(Scene::nameOf).toList());
    outputs = outputs.replace("→" + members, "→everyone");
    if (scene.parse(step) instanceof CallInput.FromClient in) {
      outputs = outputs.replaceAll("\\b" + in.session() + "\\b", "sender");
    }
    return outputs.isEmpty() ? "nothing" : outputs;
  }
}
