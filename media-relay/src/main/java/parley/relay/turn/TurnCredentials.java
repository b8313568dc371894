package parley.relay.turn;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Who may use the server: static users, and whoever holds time-limited credentials made with a
 * shared secret (the "TURN REST API" convention, coturn's {@code use-auth-secret}: the user name is
 * {@code expiry:name}, the password is the Base64 form of its HMAC-SHA1 under the secret).
 */
public final class TurnCredentials {

  /** A change of secret needs the old and the new one; more would only cost tries. */
  private static final int MAX_SECRETS = 4;

  /** RFC 8489 §14.3: fewer than 509 bytes. */
  private static final int MAX_USERNAME = 508;

  /** RFC 8489 §14.9: fewer than 128 characters. */
  private static final int MAX_REALM = 127;

  private final String realm;
  private final Map<String, TurnUser> users = new HashMap<>();
  private final Map<String, TurnUser> byHash = new HashMap<>();
  private final List<byte[]> secrets;

  /**
   * @param realm of every user
   * @param passwords static users with their passwords
   * @param secrets each makes good credentials
   * @throws IllegalArgumentException with a sentence
   */
  public TurnCredentials(String realm, Map<String, String> passwords, List<String> secrets) {
    if (secrets.size() > MAX_SECRETS) {
      throw new IllegalArgumentException("at most " + MAX_SECRETS + " secrets are tried");
    }
    this.realm = OpaqueString.of(realm);
    if (this.realm.length() > MAX_REALM) {
      throw new IllegalArgumentException("a realm has at most " + MAX_REALM + " characters");
    }
    passwords.forEach(this::add);
    this.secrets = secrets.stream().map(secret -> secret.getBytes(StandardCharsets.UTF_8)).toList();
  }

  private void add(String name, String password) {
    String username = OpaqueString.of(name);
    if (username.getBytes(StandardCharsets.UTF_8).length > MAX_USERNAME) {
      throw new IllegalArgumentException("a user name has at most " + MAX_USERNAME + " bytes");
    }
    TurnUser user = TurnUser.of(username, username, realm, OpaqueString.of(password));
    users.put(username, user);
    byHash.put(hex(PasswordAlgorithm.userHash(username, realm)), user);
  }

  String realm() {
    return realm;
  }

  /**
   * Whether every user can be told by a hash of his name: names that hold an expiry are made
   * elsewhere and known to nobody here.
   */
  boolean knowsHashes() {
    return secrets.isEmpty();
  }

  /** Null: no such user. */
  @Nullable TurnUser ofHash(byte[] hash) {
    return byHash.get(hex(hash));
  }

  /**
   * Those who may be meant by a user name: with several secrets, several passwords are right.
   *
   * @param epochSeconds the time of day
   */
  List<TurnUser> ofName(String sent, long epochSeconds) {
    if (sent.length() > MAX_USERNAME) {
      return List.of();
    }
    String username;
    try {
      username = OpaqueString.of(sent);
    } catch (IllegalArgumentException e) {
      return List.of();
    }
    TurnUser fixed = users.get(username);
    if (fixed != null) {
      return List.of(fixed);
    }
    int colon = username.indexOf(':');
    String expiry = colon < 0 ? username : username.substring(0, colon);
    if (secrets.isEmpty() || !isLater(expiry, epochSeconds)) {
      return List.of();
    }
    String name = colon < 0 ? username : username.substring(colon + 1);
    return secrets.stream()
        .map(secret -> TurnUser.of(name, username, realm, password(secret, username)))
        .toList();
  }

  private static boolean isLater(String expiry, long epochSeconds) {
    // 15 digits: no clock gets there, and no number overflows.
    if (expiry.isEmpty() || expiry.length() > 15) {
      return false;
    }
    long value = 0;
    for (int i = 0; i < expiry.length(); i++) {
      char digit = expiry.charAt(i);
      if (digit < '0' || digit > '9') {
        return false;
      }
      value = value * 10 + (digit - '0');
    }
    return value > epochSeconds;
  }

  private static String password(byte[] secret, String username) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(secret, "HmacSHA1"));
      byte[] code = mac.doFinal(username.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(code);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA1", e);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(Arrays.copyOf(bytes, Math.min(bytes.length, 64)));
  }

  @Override
  public String toString() {
    return "TurnCredentials[" + users.size() + " users, " + secrets.size() + " secrets]";
  }
}
