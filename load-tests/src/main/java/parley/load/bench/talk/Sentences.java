package parley.load.bench.talk;

import java.util.List;

/** What is said: short and long, beginning with hard and with soft sounds. */
final class Sentences {

  static final List<String> ALL =
      List.of(
          "Can everybody hear me?",
          "Yes.",
          "The second pump was switched off before noon.",
          "She sells most of the maps she draws to sailors.",
          "Half of the boxes are still in the hall.",
          "I think we should wait, because the others are late again.",
          "Put the long table near the window.",
          "Nobody asked for the old report, but it was sent anyway.",
          "Fresh fish arrives here on Fridays.",
          "Good morning.",
          "Why would they move the meeting to another day?",
          "Eleven people have signed, and two more will follow.",
          "Let us begin with the numbers from last week.",
          "Three of them went home early.",
          "However small the change is, write it down.",
          "Okay.",
          "My train stands between two stations, so I may be gone for a while.",
          "Thank you, that was very clear.");

  private Sentences() {}
}
