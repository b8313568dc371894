package parley.signalling.servers;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why something is refused (RFC 9457). The type is always {@code about:blank}: the status says all
 * that a machine needs in general, {@code code} the rest.
 *
 * @param title the status in words
 * @param detail one sentence for people
 * @param uid the call that is in the way
 */
record Problem(
    String type,
    String title,
    int status,
    String code,
    String detail,
    @JsonInclude(Include.NON_NULL) @Nullable String uid) {

  /** The codes, each with the status it travels with. */
  enum Code {
    BAD_REQUEST(400, "Bad Request"),
    UNAUTHORIZED(401, "Unauthorized"),
    MISSING_SCOPE(403, "Forbidden"),
    NOT_BY_POLICY(403, "Forbidden"),
    NOT_FOUND(404, "Not Found"),
    METHOD_NOT_ALLOWED(405, "Method Not Allowed"),
    CALL_RUNNING(409, "Conflict"),
    RECORDING_REQUIRED(409, "Conflict"),
    STILL_RUNNING(409, "Conflict"),
    TOO_LARGE(413, "Content Too Large"),
    ELSEWHERE(421, "Misdirected Request"),
    INVALID(422, "Unprocessable Content"),
    KEY_REUSED(422, "Unprocessable Content"),
    RATE_LIMIT(429, "Too Many Requests"),
    INTERNAL(500, "Internal Server Error"),
    NOT_AUDITED(503, "Service Unavailable"),
    BUSY(503, "Service Unavailable");

    private final int status;
    private final String title;

    Code(int status, String title) {
      this.status = status;
      this.title = title;
    }
  }

  static Problem of(Code code, String detail) {
    return of(code, detail, null);
  }

  static Problem of(Code code, String detail, @Nullable String uid) {
    String name = code.name().toLowerCase(Locale.ROOT);
    return new Problem("about:blank", code.title, code.status, name, detail, uid);
  }

  Answer answer(Json json) {
    return new Answer(status, Answer.PROBLEM, json.write(this), "");
  }
}
