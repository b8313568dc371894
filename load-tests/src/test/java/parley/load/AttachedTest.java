package parley.load;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import parley.load.browser.Browser;
import parley.load.browser.Client;
import parley.load.server.ChatServerProcess;
import parley.load.server.ParleyProcess;

/**
 * Two browsers on the example chat server's page, to which Parley is attached as the guide says.
 */
@Tag("browser")
@ExtendWith(Browsers.Resolver.class)
class AttachedTest {

  private static final String SECRET = "for-tests-only-for-tests-only-for-tests-only";
  private static final String WEBHOOK_SECRET = "whsec_Zm9yIHRlc3RzIG9ubHkgZm9yIHRlc3RzIG9ubHk=";
  private static final String TOMAS = "d-3c1f5a52-6a0b-4b0e-9d55-1a2b3c4d5e02";

  private final List<AutoCloseable> running = new ArrayList<>();
  private final List<Client> clients = new ArrayList<>();
  private Map<String, String> settings = Map.of();
  private @Nullable ParleyProcess parley;
  private @Nullable ChatServerProcess chat;

  @AfterEach
  void close() throws Exception {
    for (Client client : clients) {
      client.browser().clearPreloads();
      client.browser().open("about:blank");
    }
    for (AutoCloseable each : running.reversed()) {
      each.close();
    }
  }

  private void start(String calls, Map<String, String> settings) {
    int chatPort = ChatServerProcess.freePort();
    String chatUrl = "http://127.0.0.1:" + chatPort;
    var all = new HashMap<>(settings);
    all.put("PARLEY_DIRECTORY_URL", chatUrl + "/parley/teams");
    all.put("PARLEY_DIRECTORY_AUTHORIZATION", "Bearer " + SECRET);
    all.put("PARLEY_HTTP_ALLOWED_ORIGINS", chatUrl);
    all.put("PARLEY_AUTH_TOKENS", "jwt");
    all.put("PARLEY_AUTH_JWT_SECRET", SECRET);
    all.put("PARLEY_AUTH_JWT_ISSUER", "chat");
    all.put("PARLEY_AUTH_JWT_AUDIENCE", "parley");
    all.put(
        "PARLEY_WEBHOOKS_ENDPOINTS",
        "[{name: chat, url: '%s/parley/webhook', secrets: ['%s']}]"
            .formatted(chatUrl, WEBHOOK_SECRET));
    all.put("PARLEY_WEBHOOKS_DIRECTORY", folder().toString());
    all.put("PARLEY_HTTP_PORT", Integer.toString(ChatServerProcess.freePort()));
    this.settings = all;
    startParley();
    ChatServerProcess started =
        ChatServerProcess.start(
            chatPort,
            List.of(
                "--calls=" + calls,
                "--parley=" + parley().url(),
                "--secret=" + SECRET,
                "--webhook-secret=" + WEBHOOK_SECRET));
    running.add(started);
    chat = started;
  }

  private void startParley() {
    ParleyProcess started = ParleyProcess.start(folder(), settings, List.of());
    running.add(started);
    parley = started;
  }

  private ParleyProcess parley() {
    return requireNonNull(parley, "not started");
  }

  private ChatServerProcess chat() {
    return requireNonNull(chat, "not started");
  }

  private static Path folder() {
    try {
      return Files.createTempDirectory("parley-attached-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Client signIn(String login, int toneHz, Browser browser) {
    Client client = Client.prepare(browser, login, toneHz, Map.of());
    browser.open("about:blank");
    browser.open(chat().url() + "/#as=" + login);
    clients.add(client);
    await(client, "online", "globalThis.parley?.state === 'online'");
    return client;
  }

  private void await(Client client, String what, String condition) {
    Eventually.until(
        client + " to be " + what,
        World.PATIENCE,
        () -> client.evaluate(condition).asBoolean(),
        () -> describe(client));
  }

  private String describe(Client client) {
    return client.describe() + "\nchat:\n" + chat().logTail() + "\nParley:\n" + parley().logTail();
  }

  private void rings(Client caller, Client callee) {
    caller.evaluate("(document.querySelector('[data-jid=\"" + TOMAS + "\"]').click(), true)");
    await(caller, "in that chat", "document.getElementById('title').textContent.startsWith('Tom')");
    caller.evaluate("(document.getElementById('call').click(), true)");
    await(callee, "rung", "!document.getElementById('ring').hidden");
    callee.evaluate("(document.getElementById('accept').click(), true)");
    for (Client client : List.of(caller, callee)) {
      await(client, "in the call", "parley.currentCall?.state === 'active'");
    }
  }

  private void hearEachOther(Client one, Client other) {
    hears(one, other);
    hears(other, one);
  }

  private void hears(Client client, Client other) {
    Eventually.value(
        client + " to hear " + other,
        World.PATIENCE,
        () -> client.spectrum(Duration.ofMillis(1500)),
        heard ->
            new TreeSet<>(heard.tonesAmong(Tones.ALL))
                .equals(new TreeSet<>(List.of(other.toneHz()))),
        () -> describe(client));
  }

  private void hangsUp(Client client, Client other) {
    client.evaluate("(document.getElementById('leave').click(), true)");
    for (Client each : List.of(client, other)) {
      await(each, "out of the call", "parley.currentCall === null");
    }
  }

  private void findsTheCallInTheChat(Client client) {
    await(
        client,
        "told of the call in the chat",
        "document.getElementById('messages').textContent.includes('Call, ')");
  }

  private void startLinked() {
    start("link", Map.of("PARLEY_LINK_CHAT_SERVERS", "[{name: chat, token: " + SECRET + "}]"));
  }

  @Test
  void twoCallEachOtherThroughTheLink(Browsers browsers) {
    startLinked();
    Client nora = signIn("nora", Person.ALICE.toneHz, browsers.chromium());
    Client tomas = signIn("tomas", Person.BOB.toneHz, browsers.firefox());
    rings(nora, tomas);
    hearEachOther(nora, tomas);
    World.screenshot(nora, "attached-by-link");
    hangsUp(nora, tomas);
    findsTheCallInTheChat(nora);
  }

  @Test
  void aLinkedChatServerIsKilledInMidCall(Browsers browsers) {
    startLinked();
    Client nora = signIn("nora", Person.ALICE.toneHz, browsers.chromium());
    Client tomas = signIn("tomas", Person.BOB.toneHz, browsers.firefox());
    rings(nora, tomas);
    hearEachOther(nora, tomas);
    String uid = nora.evaluate("parley.currentCall.uid").asText();
    chat().kill();
    hearEachOther(nora, tomas);
    chat().startAgain();
    for (Client client : List.of(nora, tomas)) {
      await(client, "back", "parley.state === 'online' && parley.currentCall?.state === 'active'");
    }
    assertThat(nora.evaluate("parley.currentCall.uid").asText()).isEqualTo(uid);
    hearEachOther(nora, tomas);
    hangsUp(tomas, nora);
  }

  @Test
  void aLinkedParleyIsKilledInMidCall(Browsers browsers) {
    startLinked();
    Client nora = signIn("nora", Person.ALICE.toneHz, browsers.chromium());
    Client tomas = signIn("tomas", Person.BOB.toneHz, browsers.firefox());
    rings(nora, tomas);
    hearEachOther(nora, tomas);
    parley().kill();
    startParley();
    for (Client client : List.of(nora, tomas)) {
      client.received("server.call.restart", World.PATIENCE, any -> true);
    }
    hearEachOther(nora, tomas);
    hangsUp(tomas, nora);
  }

  @Test
  void twoCallEachOtherDirectlyWithTokensOfTheChatServer(Browsers browsers) {
    start("direct", Map.of());
    Client nora = signIn("nora", Person.ALICE.toneHz, browsers.chromium());
    Client tomas = signIn("tomas", Person.BOB.toneHz, browsers.firefox());
    rings(nora, tomas);
    hearEachOther(nora, tomas);
    hangsUp(tomas, nora);
    findsTheCallInTheChat(nora);
    assertThat(chat().logTail()).contains("call.finished");
  }
}
