package parley.signalling.health;

import java.util.Optional;

/** Looks at one thing. Called on a thread of its own, again and again; may take seconds. */
public interface Check {

  Subject subject();

  /** What is wrong, one sentence; empty when nothing is. */
  Optional<String> trouble() throws Exception;
}
