package parley.signalling.access;

import java.util.concurrent.CompletableFuture;
import parley.signalling.directory.Account;
import parley.signalling.directory.Directory;

/** The tokens that stand in the directory's file. */
public final class DirectoryTokens implements TokenCheck {

  private final Directory directory;

  public DirectoryTokens(Directory directory) {
    this.directory = directory;
  }

  @Override
  public CompletableFuture<Verdict> check(String token) {
    Account account = directory.account(token);
    return CompletableFuture.completedFuture(
        account == null ? new Verdict.Unknown("not in the directory") : new Verdict.Known(account));
  }
}
