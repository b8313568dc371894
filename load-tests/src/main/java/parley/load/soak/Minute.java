package parley.load.soak;

import java.util.Locale;

/**
 * One line of a soak.
 *
 * @param at minutes since the beginning
 * @param busyPercent of all processors, server and generator together
 * @param joins that succeeded
 * @param setUpP99Ms of these
 */
record Minute(
    double at,
    int calls,
    int people,
    double busyPercent,
    long joins,
    double setUpP99Ms,
    ProcessFigures figures,
    long errors) {

  static String head() {
    return "minute  calls people  busy  joins  heap MB  direct MB  resident MB  files  UDP  threads"
        + "  set-up p99 ms  errors";
  }

  String text() {
    return String.format(
        Locale.ROOT,
        "%6.1f %6d %6d %4.0f%% %6d %8.1f %10.1f %12.0f %6d %4d %8d %14.0f %7d",
        at,
        calls,
        people,
        busyPercent,
        joins,
        figures.heapMb(),
        figures.directMb(),
        figures.residentMb(),
        figures.files(),
        figures.udpPorts(),
        figures.threads(),
        setUpP99Ms,
        errors);
  }
}
