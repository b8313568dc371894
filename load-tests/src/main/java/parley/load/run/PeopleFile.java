package parley.load.run;

import java.util.List;
import parley.signalling.settings.Setting;

/** The people of a server that runs already: who may sign in there, as a file says. */
record PeopleFile(@Setting("Who takes part") List<Entry> people) {

  record Entry(
      @Setting("UUID of the team") String team,
      @Setting(value = "What the person signs in with", secret = true) String token) {
    @Override
    public String toString() {
      return "Entry[" + team + "]";
    }
  }

  PeopleFile {
    people = List.copyOf(people);
    if (people.size() < 2) {
      throw new IllegalArgumentException(
          "people has %d entries; right would be two at least, like - {team: UUID, token: TEXT}"
              .formatted(people.size()));
    }
  }
}
