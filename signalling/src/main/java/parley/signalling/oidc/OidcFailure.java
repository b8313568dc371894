package parley.signalling.oidc;

import org.jspecify.annotations.Nullable;

/** Somebody could not sign in; the message is a sentence for the log. */
public final class OidcFailure extends Exception {

  private static final long serialVersionUID = 1;

  /** Whose matter it is, for the page. */
  public enum Kind {
    /** The provider cannot be asked, or answers what no provider answers. */
    UNREACHABLE,
    /** The provider or the person said no. */
    DENIED,
    /** What came back is not what was begun here, or took too long. */
    STALE,
    /** What the provider says of the person is not proved. */
    UNPROVED,
    /** The provider knows the person, and has given him none of the roles. */
    NO_ROLE,
    /** Too many try, or come back with what is nobody's. */
    TOO_MANY,
    /** It cannot be written into the audit log, so nobody comes in. */
    NOT_AUDITED
  }

  private final Kind kind;

  public OidcFailure(Kind kind, String sentence) {
    super(sentence);
    this.kind = kind;
  }

  public OidcFailure(Kind kind, String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
