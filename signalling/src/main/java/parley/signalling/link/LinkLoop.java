package parley.signalling.link;

/** The one thread that owns all links. Its methods may be called from any thread. */
interface LinkLoop {

  /** Runs something soon, after all that was asked for before. */
  void run(Runnable step);

  /** Runs something later. */
  void after(long delayMs, Runnable step);
}
