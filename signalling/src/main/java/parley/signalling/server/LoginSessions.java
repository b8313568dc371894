package parley.signalling.server;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import parley.signalling.directory.Account;

/** Who has signed in on a page of ours, by session cookie. They last as long as the process. */
final class LoginSessions {

  static final String COOKIE = "parley_session";

  /** People who try the demo on one machine; the oldest has to sign in again. */
  static final int MAX = 1_000;

  private static final Pattern IN_HEADER =
      Pattern.compile("(?:^|; ?)" + COOKIE + "=([\\w-]{1,64})");

  private final SecureRandom random = new SecureRandom();
  private final Map<String, Account> accounts =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Account> eldest) {
              return size() > MAX;
            }
          });

  /** The value of the session cookie in a Cookie header; null when there is none. */
  static @Nullable String cookie(@Nullable String header) {
    if (header == null) {
      return null;
    }
    Matcher matcher = IN_HEADER.matcher(header);
    return matcher.find() ? matcher.group(1) : null;
  }

  /** Begins a session, and returns what to set as the cookie's value. */
  String begin(Account account) {
    byte[] secret = new byte[24];
    random.nextBytes(secret);
    String value = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    accounts.put(value, account);
    return value;
  }

  @Nullable Account account(String cookie) {
    return accounts.get(cookie);
  }

  void end(String cookie) {
    accounts.remove(cookie);
  }
}
