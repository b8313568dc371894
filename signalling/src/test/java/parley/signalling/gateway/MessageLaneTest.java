package parley.signalling.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MessageLaneTest {

  private static final int MAX_HELD = 1_000;
  private static final int MAX_COPIED = 4_000;

  private final MessageLane lane = lane();
  private final Buffer passed = Buffer.buffer();
  private final List<String> taken = new ArrayList<>();
  private final List<String> copied = new ArrayList<>();

  private static MessageLane lane() {
    return new MessageLane(
        event ->
            switch (event) {
              case "take" -> MessageLane.Interest.TAKE;
              case "copy" -> MessageLane.Interest.COPY;
              default -> MessageLane.Interest.NONE;
            },
        MAX_HELD,
        MAX_COPIED);
  }

  private void reads(byte[] bytes) {
    lane.read(Buffer.buffer(bytes));
    drain(lane, passed, taken, copied);
  }

  private static void drain(
      MessageLane lane, Buffer passed, List<String> taken, List<String> copied) {
    for (MessageLane.Out out = lane.poll(); out != null; out = lane.poll()) {
      switch (out) {
        case MessageLane.Out.Pass pass -> passed.appendBuffer(pass.bytes());
        case MessageLane.Out.Control control -> passed.appendBuffer(control.bytes());
        case MessageLane.Out.Whole whole -> {
          taken.add(new String(whole.utf8(), StandardCharsets.UTF_8));
          for (MessageLane.Out part : whole.parts()) {
            if (part instanceof MessageLane.Out.Control control) {
              passed.appendBuffer(control.bytes());
            }
          }
        }
        case MessageLane.Out.Copy copy ->
            copied.add(new String(copy.utf8(), StandardCharsets.UTF_8));
      }
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void passesAnEventOfTheChatAtOnceAndAsItIs() {
    byte[] frame = Bytes.maskedText("{\"event\":\"chat\",\"params\":{}}");
    reads(frame);
    assertThat(passed.getBytes()).isEqualTo(frame);
    assertThat(lane.isBetweenMessages()).isTrue();
  }

  @Test
  void takesOursOutOfTheStream() {
    byte[] before = Bytes.maskedText("{\"event\":\"chat\"}");
    byte[] after = Bytes.masked(Bytes.BINARY, true, new byte[] {1, 2, 3});
    reads(before);
    reads(Bytes.maskedText("{\"event\":\"take\",\"params\":{\"a\":1}}"));
    reads(after);
    assertThat(passed.getBytes()).isEqualTo(Buffer.buffer(before).appendBytes(after).getBytes());
    assertThat(taken).containsExactly("{\"event\":\"take\",\"params\":{\"a\":1}}");
  }

  @Test
  void takesOursInABinaryFrameAsWell() {
    reads(Bytes.masked(Bytes.BINARY, true, utf8("{\"event\":\"take\"}")));
    assertThat(taken).hasSize(1);
    assertThat(passed.length()).isZero();
  }

  @Test
  void findsTheNameWhereverItStandsAndHoweverItIsWritten() {
    reads(Bytes.maskedText("{\"params\":{\"event\":\"chat\",\"x\":[{}]},\"event\":\"take\"}"));
    reads(Bytes.maskedText(" {\"confirm_id\":\"1\", \"ev\\u0065nt\" : \"t\\u0061ke\"}"));
    assertThat(taken).hasSize(2);
    reads(Bytes.maskedText("{\"params\":{\"event\":\"take\"},\"event\":\"chat\"}"));
    reads(Bytes.maskedText("{\"params\":{\"event\":\"take\"}}"));
    reads(Bytes.maskedText("[{\"event\":\"take\"}]"));
    assertThat(taken).hasSize(2);
  }

  @Test
  void takesAFragmentedMessageAndPassesTheControlFramesInBetween() {
    byte[] ping = Bytes.masked(Bytes.PING, true, utf8("hi"));
    reads(Bytes.masked(Bytes.TEXT, false, utf8("{\"ev")));
    reads(ping);
    reads(Bytes.masked(Bytes.CONTINUATION, false, utf8("ent\":\"take\"")));
    assertThat(taken).isEmpty();
    reads(Bytes.masked(Bytes.CONTINUATION, true, utf8("}")));
    assertThat(taken).containsExactly("{\"event\":\"take\"}");
    assertThat(passed.getBytes()).isEqualTo(ping);
  }

  @Test
  void passesAFragmentedMessageOfTheChatInItsOrder() {
    Buffer all = Buffer.buffer();
    all.appendBytes(Bytes.masked(Bytes.TEXT, false, utf8("{\"params\":{},")));
    all.appendBytes(Bytes.masked(Bytes.PING, true, utf8("hi")));
    all.appendBytes(Bytes.masked(Bytes.CONTINUATION, false, utf8("")));
    all.appendBytes(Bytes.masked(Bytes.CONTINUATION, true, utf8("\"event\":\"chat\"}")));
    reads(all.getBytes());
    assertThat(passed).isEqualTo(all);
  }

  @Test
  void passesWhatIsTooLargeToBeOursWithoutWaitingForItsEnd() {
    byte[] large = Bytes.maskedText("{\"event\":\"take\",\"x\":\"" + "x".repeat(MAX_HELD) + "\"}");
    reads(Arrays.copyOf(large, 100));
    assertThat(passed.length()).isEqualTo(100);
    assertThat(lane.isBetweenMessages()).isFalse();
    assertThat(lane.isBetweenFrames()).isFalse();
  }

  @Test
  void givesUpOnManySmallFragments() {
    reads(Bytes.masked(Bytes.TEXT, false, utf8("{")));
    for (int i = 0; i < MAX_HELD; i++) {
      reads(Bytes.masked(Bytes.CONTINUATION, false, utf8(" ")));
    }
    assertThat(passed.length()).isGreaterThan(MAX_HELD);
  }

  @Test
  void holdsNoControlFramesForAMessageThatNeverEnds() {
    reads(Bytes.masked(Bytes.TEXT, false, utf8("{\"event\":\"chat\"")));
    int before = passed.length();
    byte[] pong = Bytes.masked(Bytes.PONG, true, utf8(""));
    reads(pong);
    assertThat(passed.length()).isEqualTo(before + pong.length);
  }

  @Test
  void copiesWhatIsOnlyToBeReadWhileItPasses() {
    String text = "{\"event\":\"copy\",\"x\":\"" + "y".repeat(2 * MAX_HELD) + "\"}";
    byte[] part = Bytes.frame(Bytes.TEXT, false, utf8(text.substring(0, 500)));
    reads(part);
    assertThat(passed.getBytes()).isEqualTo(part);
    assertThat(lane.isBetweenMessages()).isFalse();
    assertThat(lane.isBetweenFrames()).isTrue();
    reads(Bytes.frame(Bytes.CONTINUATION, true, utf8(text.substring(500))));
    assertThat(copied).containsExactly(text);
    assertThat(lane.isBetweenMessages()).isTrue();
  }

  @Test
  void passesACopyThatIsTooLargeUnread() {
    byte[] frame = Bytes.text("{\"event\":\"copy\",\"x\":\"" + "y".repeat(MAX_COPIED) + "\"}");
    reads(frame);
    assertThat(copied).isEmpty();
    assertThat(passed.getBytes()).isEqualTo(frame);
  }

  @Test
  void leavesCompressedMessagesAlone() {
    byte[] frame = Bytes.maskedText("{\"event\":\"take\"}");
    frame[0] |= 0x40; // RSV1 (RFC 7692 §6)
    reads(frame);
    assertThat(passed.getBytes()).isEqualTo(frame);
  }

  @Test
  void passesOnWhatItHeldWhenTheStreamEnds() {
    Buffer begun =
        Buffer.buffer(Bytes.masked(Bytes.TEXT, false, utf8("{\"params\":")))
            .appendBytes(new byte[] {(byte) 0x80});
    reads(begun.getBytes());
    assertThat(passed.length()).isZero();
    lane.end();
    drain(lane, passed, taken, copied);
    assertThat(passed).isEqualTo(begun);
  }

  /** Frames right and wrong, cut anywhere: what is not taken comes out as it went in. */
  @Property(tries = 300)
  void losesNoByteOfAnyStream(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int frames) {
    var random = new Random(seed);
    Buffer all = Buffer.buffer();
    for (int i = 0; i < frames; i++) {
      all.appendBytes(anything(random));
    }
    MessageLane mine = lane();
    Buffer out = Buffer.buffer();
    List<String> none = new ArrayList<>();
    int at = 0;
    while (at < all.length()) {
      int to = Math.min(all.length(), at + 1 + random.nextInt(random.nextBoolean() ? 3 : 400));
      mine.read(all.getBuffer(at, to));
      drain(mine, out, none, new ArrayList<>());
      at = to;
    }
    mine.end();
    drain(mine, out, none, new ArrayList<>());
    assertThat(none).isEmpty();
    assertThat(out).isEqualTo(all);
  }

  private static byte[] anything(Random random) {
    int[] opcodes = {0, 0, 1, 1, 2, 8, 9, 10, 3, 11};
    byte[] payload =
        switch (random.nextInt(5)) {
          case 0 -> utf8("{\"event\":\"chat\",\"params\":{\"text\":\"hello\"}}");
          case 1 -> utf8("{\"params\":{\"text\":\"" + "x".repeat(random.nextInt(1500)) + "\"}");
          case 2 -> utf8("{\"ev");
          case 3 -> new byte[0];
          default -> {
            byte[] noise = new byte[random.nextInt(300)];
            random.nextBytes(noise);
            yield noise;
          }
        };
    byte[] key = new byte[4];
    random.nextBytes(key);
    return Bytes.frame(
        opcodes[random.nextInt(opcodes.length)],
        random.nextInt(3) > 0,
        payload,
        random.nextBoolean() ? key : null);
  }
}
