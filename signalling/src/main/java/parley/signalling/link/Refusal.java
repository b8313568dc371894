package parley.signalling.link;

/** Why Parley does not serve a session, or not any more. */
enum Refusal {
  /** A message is not what {@code asyncapi-link.yaml} says; nothing came of it. */
  INVALID_DATA,
  /** This chat server may not speak for that team. */
  ACCESS_DENIED,
  /** The directory knows no such team, or no such contact in it. */
  NOT_FOUND,
  /** No such session was announced, or it has ended. */
  NO_SESSION,
  /** There is too much to do at the moment; to be announced again later. */
  BUSY,
  /** Parley has shown this session out; the message says why. */
  CLOSED
}
