package parley.signalling.link;

import parley.signalling.directory.Teams;
import parley.signalling.session.CallLoop;
import parley.signalling.wire.EventCodec;

/** What all links of a door share. */
record LinkSurroundings(
    LinkLoop thread,
    Teams teams,
    CallLoop calls,
    EventCodec events,
    LinkCodec codec,
    LinkCounters counters) {}
