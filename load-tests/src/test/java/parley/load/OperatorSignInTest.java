package parley.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import parley.load.browser.Browser;

/** Operators sign in with a real OpenID provider, in both browsers, and nobody else does. */
@Tag("browser")
@ExtendWith(Browsers.Resolver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OperatorSignInTest {

  private static final Path SCREENSHOTS = Path.of("target", "screenshots");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private OpenIdProvider provider;
  private World world;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    assumeTrue(OpenIdProvider.isInstalled(), "load-tests/install-clients installs one");
    Files.createDirectories(SCREENSHOTS);
    provider = new OpenIdProvider();
    Path secret = Files.writeString(folder.resolve("oidc.secret"), "not-a-secret\n");
    world =
        new World(
            Map.of(
                "PARLEY_OPERATE_OIDC_ISSUER",
                provider.issuer(),
                "PARLEY_OPERATE_OIDC_CLIENT_ID",
                "parley",
                "PARLEY_OPERATE_OIDC_CLIENT_SECRET_FILE",
                secret.toString(),
                "PARLEY_OPERATE_OIDC_VIEW_ROLES",
                "watchers",
                "PARLEY_OPERATE_OIDC_ACT_ROLES",
                "operators",
                "PARLEY_OPERATE_OIDC_SIGN_OUT_THERE",
                "true"),
            List.of());
    provider.serve(world.parley().url());
  }

  @AfterAll
  void close() {
    if (world != null) {
      world.close();
      provider.close();
    }
  }

  @Test
  @Order(1)
  void letsInByRoleAndOutOfTheProviderToo(Browsers browsers) throws Exception {
    Browser chromium = browsers.secondChromium();
    Browser firefox = browsers.secondFirefox();

    open(firefox);
    picture(firefox, "ways");
    signIn(firefox, "vic");
    awaitText(firefox, "#who", "vic@example.org at localhost (looking only)");
    firefox.open("about:blank");

    open(chromium);
    picture(chromium, "ways");
    signIn(chromium, "olga");
    awaitText(chromium, "#who", "olga@example.org at localhost");
    assertThat(text(chromium, "#who")).doesNotContain("looking");
    picture(chromium, "openid");

    chromium.click("#sign-out");
    awaitText(chromium, "button", "Yes, sign me out");
    run(chromium, "document.querySelector('[name=logout]').click()");
    awaitText(chromium, "#oidc", "OpenID Connect");
    chromium.open("about:blank");
    chromium.open(world.parley().url() + "/operate/#refused/no_role");
    awaitText(chromium, ".trouble", "given you none of the roles");
    picture(chromium, "no-role");
    chromium.open("about:blank");

    assertThat(audit())
        .contains("operator olga@example.org at localhost", "OpenID Connect, subject olga")
        .contains("operator vic@example.org at localhost");
  }

  @Test
  @Order(2) // at last the provider is away
  void believesOnlyWhoComesBackFromWhereHeWasSent() throws Exception {
    String parley = world.parley().url();
    try (var olga = new OpenIdVisit(parley);
        var thief = new OpenIdVisit(parley)) {
      URI back = olga.signIn(olga.begin(), "olga");
      assertRefused(thief.get(back), "stale"); // a browser that was not sent
      HttpResponse<String> in = olga.get(back);
      assertThat(OpenIdVisit.location(in)).isEqualTo(URI.create(parley + "/operate/"));
      assertThat(in.headers().allValues("set-cookie"))
          .anyMatch(each -> each.matches("parley_operate=.+HttpOnly; SameSite=Strict.*"));
      assertRefused(olga.get(back), "stale"); // a second time
    }
    try (var vic = new OpenIdVisit(parley)) {
      String back = vic.signIn(vic.begin(), "vic").toString();
      assertThat(back).contains("&iss=http%3A%2F%2Flocalhost");
      assertRefused(vic.get(URI.create(back.replaceAll("&iss=[^&]*", ""))), "unproved");
    }
    try (var vic = new OpenIdVisit(parley)) {
      String back = vic.signIn(vic.begin(), "vic").toString();
      String other = back.replaceAll("&iss=[^&]*", "&iss=https%3A%2F%2Felsewhere.example");
      assertRefused(vic.get(URI.create(other)), "unproved");
    }
    try (var vic = new OpenIdVisit(parley)) {
      URI at = URI.create(vic.begin().toString().replaceAll("nonce=[^&]*", "nonce=of-another"));
      assertRefused(vic.get(vic.signIn(at, "vic")), "unproved");
    }
    try (var vic = new OpenIdVisit(parley)) {
      String at = vic.begin().toString(); // somebody else's code, of whose verifier we know nothing
      String other = at.replaceAll("code_challenge=[^&]*", "code_challenge=" + "x".repeat(43));
      assertRefused(vic.get(vic.signIn(URI.create(other), "vic")), "denied");
    }
    try (var vic = new OpenIdVisit(parley)) {
      assertRefused(vic.get(vic.refuse(vic.begin())), "denied");
    }
    assertThat(raw("/operate/api/oidc/callback?state=%zz&code=%"))
        .contains("302 Found", "/operate/#refused/stale");
    try (var mallory = new OpenIdVisit(parley)) {
      assertRefused(mallory.get(mallory.signIn(mallory.begin(), "mallory")), "no_role");
      Eventually.until(
          "written down that somebody was turned away",
          PATIENCE,
          () -> audit().contains("operator mallory@example.org at localhost"));
      assertThat(audit()).contains("refused: has no role here");
    }
    try (var olga = new OpenIdVisit(parley)) {
      URI back = olga.signIn(olga.begin(), "olga");
      provider.close();
      assertRefused(olga.get(back), "unreachable");
    }
  }

  private void assertRefused(HttpResponse<String> answer, String why) {
    assertThat(OpenIdVisit.location(answer))
        .isEqualTo(URI.create(world.parley().url() + "/operate/#refused/" + why));
    assertThat(answer.headers().allValues("set-cookie"))
        .noneMatch(each -> each.startsWith("parley_operate="));
  }

  /** As no client of good manners asks. */
  private String raw(String path) throws IOException {
    URI parley = URI.create(world.parley().url());
    try (var socket = new Socket(parley.getHost(), parley.getPort())) {
      String request =
          "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
              .formatted(path, parley.getAuthority());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private void open(Browser browser) {
    browser.resize(1280, 900);
    browser.open(world.parley().url() + "/operate/");
    awaitText(browser, "#oidc", "OpenID Connect");
  }

  private static void signIn(Browser browser, String name) {
    browser.click("#oidc");
    awaitText(browser, "button", "Sign-in");
    run(
        browser,
        """
        document.querySelector('[name=login]').value = '%s',
        document.querySelector('[name=password]').value = 'any',
        document.querySelector('.login-submit').click()
        """
            .formatted(name));
    awaitText(browser, "button", "Continue");
    run(browser, "document.querySelector('button.login').click()");
  }

  /** In a page that is not ours, whose loading a finger would have to wait for. */
  private static void run(Browser browser, String script) {
    browser.evaluate("(" + script + ", true)");
  }

  private static void awaitText(Browser browser, String selector, String text) {
    Eventually.until(
        browser.kind() + ": " + selector + " to say " + text,
        PATIENCE,
        () -> text(browser, selector).contains(text),
        () -> text(browser, "body") + "\n" + browser.console());
  }

  private static String text(Browser browser, String selector) {
    return browser
        .evaluate(
            "[...document.querySelectorAll('"
                + selector
                + "')].map(e => e.textContent).join(' | ')")
        .asText();
  }

  private static void picture(Browser browser, String name) {
    String kind = browser.kind().name().toLowerCase(Locale.ROOT);
    browser.screenshot(SCREENSHOTS.resolve("operate-" + name + "-" + kind + ".png"));
  }

  private String audit() {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.walk(world.parley().recordings().resolve("audit"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        text.append(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
