package parley.relay.quality;

/**
 * What only time shows.
 *
 * @param unacknowledged packets sent down since the client last showed that some arrive
 * @param reports how often the client has sent RTCP since some of these should have been there
 * @param clockJumped whether the stream's clock jumped of late
 * @param silent whether the audio has been digital silence for too long
 */
record Trends(long unacknowledged, long reports, boolean clockJumped, boolean silent) {}
