package parley.signalling.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever comes in, something well-formed comes out. */
class EventCodecPropertyTest {

  private static final String JID = "g-3f7e2a85-49f5-4586-8229-d9c52813dcb2";
  private static final List<String> SEEDS =
      List.of(
          "{\"event\":\"client.call.offer\",\"confirm_id\":\"a\",\"params\":{\"jid\":\"%s\",\"muted\":true,\"trickle\":false,\"sdp\":\"v=0\\r"
              + "\\n"
              + "\"}}",
          "{\"event\":\"client.call.trickle\",\"params\":{\"jid\":\"%s\",\"candidate\":\"candidate:1"
              + " 1 udp\",\"sdp_mid\":\"0\",\"sdp_mline_index\":3}}",
          "{\"event\":\"client.call.buzz\",\"params\":{\"jid\":\"%s\",\"members\":[\"%1$s\",\"%1$s\"]}}",
          "{\"event\":\"client.call.reject\",\"params\":{\"jid\":\"%s\",\"reason\":\"\\u0438\\ud83d\\ude00\"}}",
          "{\"event\":\"client.confirm\",\"params\":{\"confirm_id\":\"b8b2ccd6\"}}",
          "{\"event\":\"client.activity\",\"params\":{\"afk\":true}}");

  private final EventCodec codec = new EventCodec();

  @Property(tries = 5_000)
  void neverThrowsOnRandomText(@ForAll String text) {
    check(codec.decode(text));
    check(codec.decode(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Property(tries = 5_000)
  void neverThrowsOnRandomBytes(@ForAll byte[] frame) {
    check(codec.decode(frame));
  }

  @Property(tries = 20_000)
  void neverThrowsOnMutatedEvents(@ForAll("mutated") String text) {
    check(codec.decode(text));
  }

  @Property(tries = 5_000)
  void neverThrowsOnAnyJson(@ForAll long seed) {
    String params = json(new Random(seed), 6);
    for (String name : List.of("client.call.offer", "client.call.buzz", "client.call.trickle")) {
      check(codec.decode("{\"event\":\"" + name + "\",\"params\":" + params + "}"));
    }
    check(codec.decode(params));
  }

  private void check(Decoded decoded) {
    switch (decoded) {
      case Decoded.Accepted accepted -> assertThat(accepted.event().name()).startsWith("client.");
      case Decoded.Rejected rejected ->
          assertThat(codec.encode(rejected.warning(), "c")).contains("server.warning");
    }
  }

  @Provide
  Arbitrary<String> mutated() {
    Arbitrary<String> seed = Arbitraries.of(SEEDS).map(text -> text.formatted(JID));
    Arbitrary<String> piece =
        Arbitraries.oneOf(
            Arbitraries.of("{", "}", "[", "]", "\"", ",", ":", "null", "true", "1e999", "-0"),
            Arbitraries.of("\\u", "\\ud800", "\u0000", "99999999999999999999", "0.1", "jid", "d-"),
            Arbitraries.strings().ofMaxLength(4));
    return Combinators.combine(
            seed,
            Arbitraries.integers().between(0, 200),
            Arbitraries.integers().between(0, 8),
            piece,
            Arbitraries.integers().between(1, 3))
        .as(EventCodecPropertyTest::mutate);
  }

  private static String mutate(String text, int at, int cut, String piece, int times) {
    String result = text;
    for (int i = 0; i < times; i++) {
      int from = Math.min((at + i * 37) % 211, result.length());
      int to = Math.min(from + cut, result.length());
      result = result.substring(0, from) + piece + result.substring(to);
    }
    return result;
  }

  private static String json(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 6 : 4)) {
      case 0 -> List.of("null", "true", "0", "-1", "1.5", "1e400").get(random.nextInt(6));
      case 1 -> "\"\"";
      case 2 -> "\"" + JID + "\"";
      case 3 -> "[]";
      case 4 -> members(random, "[", "]", () -> json(random, depth - 1));
      default ->
          members(random, "{", "}", () -> "\"" + name(random) + "\":" + json(random, depth - 1));
    };
  }

  private static String members(Random random, String open, String close, Supplier<String> member) {
    return Stream.generate(member)
        .limit(random.nextInt(6))
        .collect(Collectors.joining(",", open, close));
  }

  private static String name(Random random) {
    List<String> names = List.of("jid", "muted", "trickle", "sdp", "members", "candidate", "x");
    return names.get(random.nextInt(names.size()));
  }
}
