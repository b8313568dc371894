package parley.signalling.recordings;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why a request is refused; answered as a problem (RFC 9457). */
final class Refusal extends Exception {

  private static final long serialVersionUID = 1;

  /** The codes, each with the status it travels with. */
  enum Code {
    BAD_REQUEST(400, "Bad Request"),
    UNAUTHORIZED(401, "Unauthorized"),
    MISSING_SCOPE(403, "Forbidden"),
    CSRF(403, "Forbidden"),
    NOT_FOUND(404, "Not Found"),
    METHOD_NOT_ALLOWED(405, "Method Not Allowed"),
    NOT_NOW(409, "Conflict"),
    GONE(410, "Gone"),
    TOO_LARGE(413, "Content Too Large"),
    RANGE(416, "Range Not Satisfiable"),
    INVALID(422, "Unprocessable Content"),
    RATE_LIMIT(429, "Too Many Requests"),
    INTERNAL(500, "Internal Server Error"),
    NOT_AUDITED(503, "Service Unavailable"),
    BUSY(503, "Service Unavailable");

    final int status;
    final String title;

    Code(int status, String title) {
      this.status = status;
      this.title = title;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  final Code code;
  final String detail;

  Refusal(Code code, String detail) {
    this(code, detail, null);
  }

  Refusal(Code code, String detail, @Nullable Throwable cause) {
    super(detail, cause);
    this.code = code;
    this.detail = detail;
  }

  static Refusal notFound() {
    return new Refusal(Code.NOT_FOUND, "there is no such recording for whoever asks");
  }

  static Refusal invalid(String detail) {
    return new Refusal(Code.INVALID, detail);
  }

  /** The body of the answer. */
  record Problem(String type, String title, int status, String code, String detail) {}

  Problem problem() {
    return new Problem("about:blank", code.title, code.status, code.word(), detail);
  }
}
