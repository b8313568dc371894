package parley.signalling.app;

import java.time.Instant;
import java.util.Map;
import parley.relay.api.CallId;

/**
 * A stretch of a call's set-up, as OpenTelemetry knows them.
 *
 * @param id sixteen hexadecimal digits
 * @param parent likewise; empty: it is the call itself
 * @param fault what went wrong; empty: nothing
 */
record Span(
    CallId call,
    String id,
    String parent,
    String name,
    Instant from,
    Instant to,
    Map<String, String> attributes,
    String fault) {}
