package parley.load.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import parley.load.browser.Browser;
import parley.load.browser.BrowserKind;
import parley.load.browser.BrowserSettings;

/**
 * The clients of this machine: which there are, and how to start one. Browsers are started once and
 * used again, because their start takes seconds. Not thread-safe.
 */
final class Clients implements AutoCloseable {

  private final Path installed;
  private final ClientPage page;
  private final Map<BrowserKind, Deque<Browser>> idle = new EnumMap<>(BrowserKind.class);
  private final List<Browser> all = new ArrayList<>();

  /**
   * @param installed where {@code install-clients} has left what it installed
   */
  Clients(Path installed) throws IOException {
    this.installed = installed;
    page = new ClientPage();
  }

  /** The web origin of the browsers' page. */
  String origin() {
    return page.origin();
  }

  /** Why this kind is not to be had here, and what would help; empty: it is here. */
  Optional<String> missing(ClientKind kind) {
    BrowserKind browser = kind.browser();
    if (browser != null) {
      return onPath(program(browser))
          ? Optional.empty()
          : Optional.of(
              program(browser) + " is not installed; load-tests/install-tools installs it.");
    }
    if (Files.isReadable(file(kind, "command"))) {
      return Optional.empty();
    }
    Path reason = file(kind, "missing");
    return Optional.of(
        Files.isReadable(reason)
            ? read(reason)
            : "it is not installed; load-tests/install-clients installs it.");
  }

  private static String program(BrowserKind browser) {
    return switch (browser) {
      case CHROMIUM -> "chromium";
      case FIREFOX -> "firefox-esr";
    };
  }

  private static boolean onPath(String program) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      if (Files.isExecutable(Path.of(folder, program))) {
        return true;
      }
    }
    return false;
  }

  /** Its version, as it says itself; empty when it does not. */
  String version(ClientKind kind) {
    BrowserKind browser = kind.browser();
    if (browser == null) {
      Path version = file(kind, "version");
      return Files.isReadable(version) ? read(version) : "";
    }
    try {
      Process process = new ProcessBuilder(program(browser), "--version").start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor(10, TimeUnit.SECONDS);
      return said.replaceFirst("(?s)^\\D*([0-9.]*[0-9]).*", "$1");
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  /** Starts browsers now, so that the first call does not wait for them. */
  void warmUp(Collection<ClientKind> kinds) {
    for (ClientKind kind : kinds) {
      BrowserKind browser = kind.browser();
      if (browser != null) {
        idle(browser).add(open(browser));
      }
    }
  }

  private Deque<Browser> idle(BrowserKind kind) {
    return idle.computeIfAbsent(kind, k -> new ArrayDeque<>());
  }

  private Browser open(BrowserKind kind) {
    Browser browser = kind.start(BrowserSettings.forTests());
    all.add(browser);
    return browser;
  }

  /** Starts one of a kind that is not missing. */
  CallClient start(ClientKind kind, Role role) {
    BrowserKind wanted = kind.browser();
    if (wanted == null) {
      return new ProgramClient(read(file(kind, "command")).lines().toList(), role);
    }
    Deque<Browser> free = idle(wanted);
    Browser waiting = free.poll();
    Browser browser = waiting == null ? open(wanted) : waiting;
    return new BrowserClient(browser, page.url(), role, () -> free.add(browser));
  }

  private Path file(ClientKind kind, String what) {
    return installed.resolve(kind.fileName() + "." + what);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    all.forEach(Browser::close);
    page.close();
  }
}
