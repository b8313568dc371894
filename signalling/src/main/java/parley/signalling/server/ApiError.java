package parley.signalling.server;

/** Why the HTTP API refuses: the code in the envelope, and the status it travels with. */
enum ApiError {
  EMPTY_TOKEN(401),
  INVALID_TOKEN(401),
  EMPTY_SESSION(401),
  ACCESS_DENIED(403),
  NOT_FOUND(404),
  INVALID_DATA(422),
  /** Too many requests, or too many wrong tokens. */
  RATE_LIMIT(429),
  INTERNAL_ERROR(500),
  /** Who is asked about tokens or chats does not answer: the client may try again. */
  UNAVAILABLE(503);

  private final int status;

  ApiError(int status) {
    this.status = status;
  }

  /** Whether it says nothing of who asks, so that asking again later may help. */
  boolean isPassing() {
    return this == RATE_LIMIT || this == UNAVAILABLE || this == INTERNAL_ERROR;
  }

  int status() {
    return status;
  }
}
