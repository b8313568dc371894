package parley.load.bench.media;

/**
 * Who says what in a playback.
 *
 * @param voice begins anew when it is at its end
 */
public record Part(Leg leg, Voice voice) {}
