package parley.load;

import java.util.Locale;

/** The people of the demo team, in its order; each speaks in a tone of his own. */
enum Person {
  ALICE(Tones.ALICE),
  BOB(Tones.BOB),
  CAROL(Tones.CAROL),
  DAVE(Tones.DAVE),
  ERIN(Tones.ERIN),
  FRANK(Tones.FRANK);

  final int toneHz;

  Person(int toneHz) {
    this.toneHz = toneHz;
  }

  /** The demo team's token, which is also the name in the page's address. */
  String token() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The name as it is written. */
  String shortName() {
    return name().charAt(0) + token().substring(1);
  }
}
