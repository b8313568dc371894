package parley.relay.quality;

/**
 * Who else is in the call, as one participant sees it.
 *
 * @param others people beside him who are connected
 * @param unmuted of them, those who are not muted and offer a microphone
 * @param audible of those, the ones whose audio reaches the relay well
 * @param name of the only other; empty when there are several, or none
 * @param loudest how many voices are forwarded at the same time
 */
public record Surroundings(int others, int unmuted, int audible, String name, int loudest) {}
