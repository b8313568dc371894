package parley.load;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import parley.load.browser.Browser;
import parley.load.browser.BrowserKind;
import parley.load.browser.BrowserSettings;

/**
 * Two browsers of each kind with test flags, shared by all test classes of one run: a start takes
 * seconds, and a page knows nothing of the pages before it. A test that changes a browser otherwise
 * than by its page changes it back.
 */
final class Browsers implements AutoCloseable {

  private static final int OF_EACH = 2;

  private final List<Browser> chromiums;
  private final List<Browser> firefoxes;

  private Browsers() {
    // At the same time: each start is mostly waiting.
    List<CompletableFuture<Browser>> chromium = start(BrowserKind.CHROMIUM);
    List<CompletableFuture<Browser>> firefox = start(BrowserKind.FIREFOX);
    chromiums = chromium.stream().map(CompletableFuture::join).toList();
    firefoxes = firefox.stream().map(CompletableFuture::join).toList();
  }

  private static List<CompletableFuture<Browser>> start(BrowserKind kind) {
    return Stream.generate(
            () -> CompletableFuture.supplyAsync(() -> kind.start(BrowserSettings.forTests())))
        .limit(OF_EACH)
        .toList();
  }

  Browser chromium() {
    return chromiums.getFirst();
  }

  Browser firefox() {
    return firefoxes.getFirst();
  }

  Browser secondChromium() {
    return chromiums.getLast();
  }

  Browser secondFirefox() {
    return firefoxes.getLast();
  }

  @Override
  public void close() {
    chromiums.forEach(Browser::close);
    firefoxes.forEach(Browser::close);
  }

  /** Gives them to whatever asks for them; they end with the run. */
  static final class Resolver implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Browsers.class;
    }

    @Override
    public Browsers resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(ExtensionContext.Namespace.GLOBAL)
          .getOrComputeIfAbsent(Browsers.class, key -> new Browsers(), Browsers.class);
    }
  }
}
