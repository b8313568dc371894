package parley.relay.quality;

/**
 * What only time shows.
 *
 * @param overdueMs for how long packets were sent down without the client's showing that any
 *     arrives
 * @param reports how often the client has sent RTCP since some of these should have been there
 * @param clockJumped whether the stream's clock jumped of late
 * @param silent whether the audio has been digital silence for too long
 */
record Trends(long overdueMs, long reports, boolean clockJumped, boolean silent) {}
