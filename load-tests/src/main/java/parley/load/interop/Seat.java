package parley.load.interop;

/** One participant of a scene: what kind of client, and how it receives. */
record Seat(ClientKind kind, Sections sections) {}
