package parley.signalling.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import parley.relay.api.CallId;

class EventCodecTest {

  private static final Jid GROUP = Jid.of("g-3f7e2a85-49f5-4586-8229-d9c52813dcb2");
  private static final Jid CONTACT = Jid.of("d-bd500a50-3a38-44d1-a43c-fb1a48e1a79e");
  private static final CallId UID = new CallId("0b1ba0a5-5a9a-4fd1-8d38-90a0f6b2d3f1");
  private static final TeamId TEAM = new TeamId("6aefcf3b-e61c-4f35-8b5b-9d762a6a6cf9");

  private final EventCodec codec = new EventCodec();

  @Nested
  class Decoding {

    @Test
    void readsAnOffer() {
      assertThat(
              event(
                  """
                  {"event":"client.call.offer","confirm_id":"75a406625c58","params":
                    {"jid":"%s","muted":true,"trickle":true,"sdp":"v=0"}}
                  """
                      .formatted(GROUP)))
          .isEqualTo(new ClientEvent.CallOffer(GROUP, true, true, "v=0"));
    }

    @Test
    void defaultsEverythingButTheJid() {
      assertThat(about("client.call.offer", ""))
          .isEqualTo(new ClientEvent.CallOffer(GROUP, false, false, ""));
      assertThat(about("client.call.trickle", ""))
          .isEqualTo(new ClientEvent.CallTrickle(GROUP, "", "", 0));
      assertThat(about("client.call.buzz", ""))
          .isEqualTo(new ClientEvent.CallBuzz(GROUP, List.of()));
      assertThat(about("client.call.leave", "")).isEqualTo(new ClientEvent.CallLeave(GROUP, ""));
      assertThat(about("client.call.reject", "")).isEqualTo(new ClientEvent.CallReject(GROUP, ""));
      assertThat(about("client.call.sound", "")).isEqualTo(new ClientEvent.CallSound(GROUP, false));
      assertThat(event("{\"event\":\"client.activity\"}"))
          .isEqualTo(new ClientEvent.Activity(false));
    }

    @Test
    void takesNullForAbsent() {
      assertThat(about("client.call.offer", ",\"muted\":null,\"sdp\":null"))
          .isEqualTo(new ClientEvent.CallOffer(GROUP, false, false, ""));
      assertThat(about("client.call.buzz", ",\"members\":null"))
          .isEqualTo(new ClientEvent.CallBuzz(GROUP, List.of()));
      assertThat(event("{\"event\":\"client.ping\",\"params\":null,\"confirm_id\":null}"))
          .isEqualTo(new ClientEvent.Ping());
    }

    @Test
    void readsTheOtherEvents() {
      assertThat(
              about(
                  "client.call.trickle",
                  ",\"candidate\":\"candidate:1\",\"sdp_mid\":\"0\",\"sdp_mline_index\":1.0"))
          .isEqualTo(new ClientEvent.CallTrickle(GROUP, "candidate:1", "0", 1));
      assertThat(about("client.call.buzz", ",\"members\":[\"%s\"]".formatted(CONTACT)))
          .isEqualTo(new ClientEvent.CallBuzz(GROUP, List.of(CONTACT)));
      assertThat(about("client.call.buzzcancel", ""))
          .isEqualTo(new ClientEvent.CallBuzzCancel(GROUP));
      assertThat(about("client.call.leave", ",\"reason\":\"bye\""))
          .isEqualTo(new ClientEvent.CallLeave(GROUP, "bye"));
      assertThat(about("client.call.reject", ",\"reason\":\"busy\""))
          .isEqualTo(new ClientEvent.CallReject(GROUP, "busy"));
      assertThat(about("client.call.sound", ",\"muted\":true"))
          .isEqualTo(new ClientEvent.CallSound(GROUP, true));
      assertThat(about("client.call.muteall", "")).isEqualTo(new ClientEvent.CallMuteAll(GROUP));
      assertThat(event("{\"event\":\"client.activity\",\"params\":{\"afk\":true}}"))
          .isEqualTo(new ClientEvent.Activity(true));
      assertThat(event("{\"event\":\"client.confirm\",\"params\":{\"confirm_id\":\"x\"}}"))
          .isEqualTo(new ClientEvent.Confirm("x"));
      assertThat(event("{\"event\":\"client.ping\",\"confirm_id\":\"8aad294579b8\"}"))
          .isEqualTo(new ClientEvent.Ping());
    }

    @Test
    void namesEventsAsItReadThem() {
      for (String name :
          List.of(
              "client.call.offer",
              "client.call.trickle",
              "client.call.buzz",
              "client.call.buzzcancel",
              "client.call.leave",
              "client.call.reject",
              "client.call.sound",
              "client.call.muteall",
              "client.activity",
              "client.confirm",
              "client.ping")) {
        assertThat(about(name, "").name()).isEqualTo(name);
      }
    }

    @Test
    void ignoresUnknownFields() {
      assertThat(about("client.call.muteall", ",\"_level\":{\"deep\":[1,2]}"))
          .isEqualTo(new ClientEvent.CallMuteAll(GROUP));
    }

    @Test
    void readsBinaryFramesAsUtf8() {
      byte[] frame =
          "{\"event\":\"client.call.leave\",\"params\":{\"jid\":\"%s\",\"reason\":\"пока\"}}"
              .formatted(GROUP)
              .getBytes(StandardCharsets.UTF_8);
      assertThat(codec.decode(frame))
          .isInstanceOfSatisfying(
              Decoded.Accepted.class,
              it -> assertThat(it.event()).isEqualTo(new ClientEvent.CallLeave(GROUP, "пока")));
      assertThat(rejected(codec.decode(new byte[] {'"', (byte) 0xc3, '('})).message())
          .isEqualTo("malformed frame: not UTF-8");
    }

    @Test
    void warnsOfAnUnknownEventWithTheEventItself() {
      String text = "{\"confirm_id\":\"c6280a82ed1c\",\"event\":\"client.deeeeeaddddbeeeeeef\"}";
      Decoded.Rejected rejected = rejected(codec.decode(text));
      assertThat(rejected.message()).isEqualTo("unknown event: client.deeeeeaddddbeeeeeef");
      assertThat(rejected.confirmId()).isEqualTo("c6280a82ed1c");
      assertThat(codec.encode(rejected.warning()))
          .isEqualTo(
              "{\"event\":\"server.warning\",\"params\":{\"message\":\"unknown event:"
                  + " client.deeeeeaddddbeeeeeef\",\"orig\":"
                  + text
                  + "}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"client.chat.composing", "client.message.updated", "server.time", "x"})
    void doesNotKnowTheChatsEvents(String name) {
      assertThat(rejected(codec.decode("{\"event\":\"%s\"}".formatted(name))).message())
          .isEqualTo("unknown event: " + name);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "client.call.offer   | \"jid\":\"g-1\"                      | jid: expected a jid",
          "client.call.offer   | \"jid\":null                         | jid: expected a jid",
          "client.call.offer   | \"jid\":7                            | jid: expected a jid",
          "client.call.leave   | \"x\":1                              | jid: expected a jid",
          "client.call.offer   | \"jid\":\"$\",\"muted\":\"true\"       | muted: expected true or"
              + " false",
          "client.call.offer   | \"jid\":\"$\",\"muted\":1             | muted: expected true or"
              + " false",
          "client.call.offer   | \"jid\":\"$\",\"sdp\":{}              | sdp: expected a string",
          "client.call.offer   | \"jid\":\"$\",\"sdp\":5               | sdp: expected a string",
          "client.call.trickle | \"jid\":\"$\",\"sdp_mline_index\":1.5 | sdp_mline_index: expected"
              + " an integer",
          "client.call.trickle | \"jid\":\"$\",\"sdp_mline_index\":\"0\" | sdp_mline_index:"
              + " expected an integer",
          "client.call.trickle | \"jid\":\"$\",\"sdp_mline_index\":99999999999 | sdp_mline_index:"
              + " expected an",
          "client.call.buzz    | \"jid\":\"$\",\"members\":{}          | members: expected a list",
          "client.call.buzz    | \"jid\":\"$\",\"members\":[1]         | members: expected a jid",
          "client.activity     | \"afk\":\"yes\"                      | afk: expected true or"
              + " false",
          "client.confirm      | \"confirm_id\":[]                   | confirm_id: expected a"
              + " string",
        })
    void refusesWrongTypes(String name, String params, String message) {
      String text =
          "{\"event\":\"%s\",\"params\":{%s}}"
              .formatted(name, params.replace("$", GROUP.toString()));
      Decoded.Rejected rejected = rejected(codec.decode(text));
      assertThat(rejected.message()).startsWith(message);
      assertThat(rejected.orig()).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "`` | malformed event: expected a JSON object",
          "[] | malformed event: expected a JSON object",
          "null | malformed event: expected a JSON object",
          "\"client.ping\" | malformed event: expected a JSON object",
          "{ | malformed JSON",
          "{\"event\":\"client.ping\"} {} | malformed JSON",
          "{'event':'client.ping'} | malformed JSON",
          "{\"event\":NaN} | malformed JSON",
          "{} | event: missing",
          "{\"event\":5} | event: expected a string",
          "{\"event\":\"client.ping\",\"confirm_id\":5} | confirm_id: expected a string",
          "{\"event\":\"client.ping\",\"params\":[]} | params: expected an object",
        })
    void refusesWhatIsNoEvent(String text, String message) {
      assertThat(rejected(codec.decode(text)).message()).startsWith(message);
    }

    @Test
    void refusesWhatIsTooLarge() {
      String padding = "x".repeat(EventCodec.MAX_FRAME_BYTES);
      assertThat(rejected(codec.decode("{\"event\":\"" + padding + "\"}")).message())
          .isEqualTo("frame larger than 262144 bytes");
      assertThat(rejected(codec.decode(new byte[EventCodec.MAX_FRAME_BYTES + 1])).message())
          .isEqualTo("frame larger than 262144 bytes");
      String id = "x".repeat(EventCodec.MAX_CONFIRM_ID_CHARS + 1);
      assertThat(
              rejected(
                      codec.decode(
                          "{\"event\":\"client.ping\",\"confirm_id\":\"%s\"}".formatted(id)))
                  .message())
          .isEqualTo("confirm_id: longer than 128 characters");
    }

    @Test
    void refusesWhatIsTooDeep() {
      String deep = "[".repeat(100_000);
      assertThat(rejected(codec.decode("{\"event\":\"client.ping\",\"params\":" + deep)).message())
          .startsWith("malformed JSON");
    }

    @Test
    void takesAnOfferOfFiftySections() {
      String sdp = "a=candidate:1 1 udp 2122260223 192.0.2.1 54321 typ host\\r\\n".repeat(2000);
      assertThat(about("client.call.offer", ",\"sdp\":\"" + sdp + "\""))
          .isInstanceOf(ClientEvent.CallOffer.class);
    }

    @Test
    void quotesOnlyTheBeginningOfALongName() {
      String name = "client." + "x".repeat(10_000);
      assertThat(rejected(codec.decode("{\"event\":\"%s\"}".formatted(name))).message())
          .hasSizeLessThan(200);
    }

    private ClientEvent about(String name, String more) {
      return event("{\"event\":\"%s\",\"params\":{\"jid\":\"%s\"%s}}".formatted(name, GROUP, more));
    }

    private ClientEvent event(String text) {
      Decoded decoded = codec.decode(text);
      assertThat(decoded).isInstanceOf(Decoded.Accepted.class);
      return ((Decoded.Accepted) decoded).event();
    }

    private static Decoded.Rejected rejected(Decoded decoded) {
      assertThat(decoded).isInstanceOf(Decoded.Rejected.class);
      return (Decoded.Rejected) decoded;
    }
  }

  @Nested
  class Encoding {

    private static final IsoTime TIME = new IsoTime(Instant.parse("2019-09-27T01:01:35.264095Z"));
    private static final CallOnliner ONLINER =
        new CallOnliner(CONTACT, "Alice", "", "", true, List.of(new CallDevice(true, "Chrome")));

    @Test
    void putsTheConfirmIdBesideTheEvent() {
      assertThat(codec.encode(new ServerEvent.Time(TIME), "c1"))
          .isEqualTo(
              "{\"event\":\"server.time\",\"confirm_id\":\"c1\","
                  + "\"params\":{\"time\":\"2019-09-27T01:01:35.264095Z\"}}");
    }

    @Test
    void leavesOutWhatIsEmptyInAState() {
      assertThat(
              params(
                  new ServerEvent.CallState(
                      GROUP, UID, false, TIME, null, null, false, List.of(), 7, 7)))
          .isEqualTo(
              "{\"jid\":\"%s\",\"uid\":\"%s\",\"created\":\"%s\",\"audiorecord\":false,\"gentime\":7,\"timestamp\":7}"
                  .formatted(GROUP, UID, TIME));
    }

    @Test
    void writesAStateInFull() {
      assertThat(
              params(
                  new ServerEvent.CallState(
                      GROUP, UID, true, TIME, TIME, TIME, true, List.of(ONLINER), 7, 7)))
          .isEqualTo(
              ("{\"jid\":\"%s\",\"uid\":\"%s\",\"buzz\":true,\"created\":\"%s\",\"start\":\"%s\",\"finish\":\"%s\","
                   + "\"audiorecord\":true,\"onliners\":[{\"jid\":\"%s\",\"display_name\":\"Alice\",\"role\":\"\","
                   + "\"icon\":\"\",\"muted\":true,\"devices\":[{\"muted\":true,\"useragent\":\"Chrome\"}]}],"
                   + "\"gentime\":7,\"timestamp\":7}")
                  .formatted(GROUP, UID, TIME, TIME, TIME, CONTACT));
    }

    @Test
    void writesAnAnswerWithAndWithoutCandidates() {
      var jsep = ServerEvent.Jsep.answer("v=0");
      assertThat(params(new ServerEvent.CallAnswer(GROUP, UID, jsep, List.of(), List.of())))
          .isEqualTo(
              "{\"jid\":\"%s\",\"uid\":\"%s\",\"jsep\":{\"type\":\"answer\",\"sdp\":\"v=0\"}}"
                  .formatted(GROUP, UID));
      var candidate = new ServerEvent.Candidate("candidate:2", 0);
      assertThat(
              params(new ServerEvent.CallAnswer(GROUP, UID, jsep, List.of(), List.of(candidate))))
          .endsWith(",\"candidates\":[{\"candidate\":\"candidate:2\",\"sdpMLineIndex\":0}]}");
    }

    @Test
    void writesABuzzWithEveryFieldAlsoWhenThereAreNoIcons() {
      var team = new TeamShort(TEAM, "Demo", null);
      var chat = new ChatShort(GROUP, ChatType.GROUP, "All", null);
      var actor = new ContactShort(CONTACT, "Alice A.", "Alice", IconData.letters("A", "#123456"));
      assertThat(
              params(
                  new ServerEvent.CallBuzz(GROUP, null, "All", team, chat, actor, UID, 45, TEAM)))
          .isEqualTo(
              ("{\"jid\":\"%s\",\"icons\":null,\"display_name\":\"All\","
                   + "\"teaminfo\":{\"uid\":\"%s\",\"name\":\"Demo\",\"icons\":null},"
                   + "\"chat\":{\"jid\":\"%s\",\"chat_type\":\"group\",\"display_name\":\"All\",\"icons\":null},\"actor\":{\"jid\":\"%s\",\"display_name\":\"Alice"
                   + " A.\",\"short_name\":\"Alice\","
                   + "\"icons\":{\"letters\":\"A\",\"color\":\"#123456\"}},"
                   + "\"uid\":\"%s\",\"buzz_timeout\":45,\"team\":\"%s\"}")
                  .formatted(GROUP, TEAM, GROUP, CONTACT, UID, TEAM));
    }

    @Test
    void writesTheSmallEvents() {
      assertThat(params(new ServerEvent.CallBuzzCancel(GROUP, TEAM, UID)))
          .isEqualTo("{\"jid\":\"%s\",\"team\":\"%s\",\"uid\":\"%s\"}".formatted(GROUP, TEAM, UID));
      assertThat(params(new ServerEvent.CallLeave(GROUP, UID)))
          .isEqualTo("{\"jid\":\"%s\",\"uid\":\"%s\"}".formatted(GROUP, UID));
      assertThat(params(new ServerEvent.CallReject(GROUP, UID, "")))
          .isEqualTo("{\"jid\":\"%s\",\"uid\":\"%s\",\"reason\":\"\"}".formatted(GROUP, UID));
      assertThat(params(new ServerEvent.CallRestart(GROUP, UID, TEAM)))
          .isEqualTo("{\"jid\":\"%s\",\"uid\":\"%s\",\"team\":\"%s\"}".formatted(GROUP, UID, TEAM));
      assertThat(params(new ServerEvent.CallSound(GROUP, false)))
          .isEqualTo("{\"jid\":\"%s\",\"muted\":false}".formatted(GROUP));
      assertThat(params(new ServerEvent.CallMuteAll(GROUP, true)))
          .isEqualTo("{\"jid\":\"%s\",\"muted\":true}".formatted(GROUP));
      assertThat(params(new ServerEvent.CallTalking(GROUP, CONTACT, false)))
          .isEqualTo(
              "{\"jid\":\"%s\",\"actor\":\"%s\",\"talking\":false}".formatted(GROUP, CONTACT));
      assertThat(params(new ServerEvent.CallCheckFingerprint("sha-256 AB")))
          .isEqualTo("{\"fingerprint\":\"sha-256 AB\"}");
      assertThat(params(new ServerEvent.Confirm("x"))).isEqualTo("{\"confirm_id\":\"x\"}");
      assertThat(params(new ServerEvent.Login("(unknown device)")))
          .isEqualTo("{\"device_name\":\"(unknown device)\"}");
      assertThat(params(new ServerEvent.Panic("INVALID_TEAM", "")))
          .isEqualTo("{\"code\":\"INVALID_TEAM\"}");
      assertThat(params(new ServerEvent.Warning("malformed", null)))
          .isEqualTo("{\"message\":\"malformed\",\"orig\":null}");
    }

    @Test
    void writesWhoIsOnline() {
      var online =
          new ServerEvent.Online(
              List.of(
                  new OnlineContact(CONTACT, false, false), new OnlineContact(CONTACT, true, true)),
              List.of(new OnlineCall(GROUP, UID, null, 0), new OnlineCall(GROUP, UID, TIME, 2)));
      assertThat(params(online))
          .isEqualTo(
              ("{\"contacts\":[{\"jid\":\"%s\",\"mobile\":false},{\"jid\":\"%s\",\"afk\":true,\"mobile\":true}],"
                   + "\"calls\":[{\"jid\":\"%s\",\"uid\":\"%s\"},"
                   + "{\"jid\":\"%s\",\"uid\":\"%s\",\"start\":\"%s\",\"online_count\":2}]}")
                  .formatted(CONTACT, CONTACT, GROUP, UID, GROUP, UID, TIME));
    }

    @Test
    void asksToConfirmOnlyWhatMustNotBeLost() {
      var jsep = ServerEvent.Jsep.answer("v=0");
      assertThat(new ServerEvent.CallAnswer(GROUP, UID, jsep, List.of(), List.of()).mustArrive())
          .isTrue();
      assertThat(new ServerEvent.CallRestart(GROUP, UID, TEAM).mustArrive()).isTrue();
      assertThat(new ServerEvent.CallTalking(GROUP, CONTACT, true).mustArrive()).isFalse();
    }

    @Test
    void keepsSecretsOutOfLogs() {
      String sdp = "a=ice-pwd:secret";
      assertThat(new ClientEvent.CallOffer(GROUP, false, false, sdp).toString())
          .doesNotContain("secret");
      assertThat(
              new ServerEvent.CallAnswer(
                      GROUP, UID, ServerEvent.Jsep.answer(sdp), List.of(), List.of())
                  .toString())
          .doesNotContain("secret");
      String text =
          "{\"event\":\"client.call.offer\",\"params\":{\"jid\":\"%s\",\"sdp\":\"%s\"}}"
              .formatted(GROUP, sdp);
      assertThat(codec.decode(text).toString()).doesNotContain("secret");
    }

    private String params(ServerEvent event) {
      String text = codec.encode(event);
      String head = "{\"event\":\"" + event.name() + "\",\"params\":";
      assertThat(text).startsWith(head);
      return text.substring(head.length(), text.length() - 1);
    }
  }
}
