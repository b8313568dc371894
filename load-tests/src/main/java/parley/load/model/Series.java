package parley.load.model;

import java.util.ArrayList;
import java.util.List;

/** Numbers of nodes to look at: 1, 2, 3, 5, 10, 20, 30, 50, … */
final class Series {

  private static final int[] STEPS = {1, 2, 3, 5};

  private Series() {}

  static List<Integer> upTo(int most) {
    List<Integer> all = new ArrayList<>();
    for (long ten = 1; ten <= most; ten *= 10) {
      for (int step : STEPS) {
        if (step * ten < most) {
          all.add((int) (step * ten));
        }
      }
    }
    all.add(most);
    return all;
  }
}
