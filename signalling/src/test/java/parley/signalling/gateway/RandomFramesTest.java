package parley.signalling.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import parley.signalling.gateway.ScriptedUpstream.Peer;

/** Ten thousand frames of every kind and size, both ways at the same time, bit for bit. */
class RandomFramesTest {

  private static final int FRAMES = 10_000;
  private static final int LARGEST = 4 << 20;

  @Test
  void passesTenThousandRandomFramesBitForBit() throws Exception {
    long seed = System.nanoTime();
    try (var stand = new GatewayStand();
        RawClient client = stand.raw("token: alice")) {
      Peer peer = stand.upstream.peer();
      client.socket.setSoTimeout(60_000);
      List<CompletableFuture<?>> ways = new ArrayList<>();
      ways.add(way("seed " + seed, new Random(seed), true, client.out, peer.in()));
      ways.add(way("seed " + -seed, new Random(-seed), false, peer.out(), client.in));
      CompletableFuture.allOf(ways.toArray(CompletableFuture[]::new)).get(5, TimeUnit.MINUTES);
    }
  }

  private static CompletableFuture<Void> way(
      String what, Random random, boolean masked, OutputStream out, InputStream in) {
    var sent = new CompletableFuture<String>();
    // Made beforehand: whoever reads knows how many bytes there are.
    List<int[]> plan = new ArrayList<>();
    boolean inside = false;
    for (int i = 0; i < FRAMES; i++) {
      boolean control = random.nextInt(10) == 0;
      boolean last = i == FRAMES - 1 || random.nextInt(3) > 0;
      int size = control ? random.nextInt(126) : size(random, i);
      int opcode =
          control
              ? Bytes.PING + random.nextInt(2)
              : inside ? Bytes.CONTINUATION : 1 + random.nextInt(2);
      plan.add(new int[] {opcode, control || last ? 1 : 0, size});
      inside = control ? inside : !last;
    }
    long seed = random.nextLong();
    long bytes = plan.stream().mapToLong(each -> head(each[2], masked) + each[2]).sum();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                sent.complete(send(plan, new Random(seed), masked, out));
              } catch (IOException e) {
                sent.completeExceptionally(e);
              }
            });
    return CompletableFuture.runAsync(
        () -> {
          try {
            String got = hash(in, bytes);
            assertThat(got).as(what).isEqualTo(sent.get(1, TimeUnit.MINUTES));
          } catch (Exception e) {
            throw new AssertionError(what, e);
          }
        });
  }

  /** Mostly as chats have them, some large, and each border of a length's form. */
  private static int size(Random random, int i) {
    int[] borders = {0, 1, 125, 126, 127, 65_535, 65_536, LARGEST};
    if (i < borders.length) {
      return borders[i];
    }
    int kind = random.nextInt(1_000);
    if (kind < 2) {
      return random.nextInt(LARGEST);
    }
    return kind < 50 ? random.nextInt(100_000) : random.nextInt(2_000);
  }

  private static int head(int size, boolean masked) {
    return (size < 126 ? 2 : size < 65_536 ? 4 : 10) + (masked ? 4 : 0);
  }

  private static String send(List<int[]> plan, Random random, boolean masked, OutputStream out)
      throws IOException {
    MessageDigest sha = sha();
    for (int[] each : plan) {
      byte[] payload = new byte[each[2]];
      random.nextBytes(payload);
      if (random.nextInt(4) == 0 && payload.length > 20) {
        // The beginning of an event, so that something is held back as well.
        byte[] begun = "{\"params\":{\"a\":[".getBytes(StandardCharsets.UTF_8);
        System.arraycopy(begun, 0, payload, 0, begun.length);
      }
      byte[] key = masked ? new byte[4] : null;
      if (key != null) {
        random.nextBytes(key);
      }
      byte @Nullable [] mask = key;
      byte[] frame = Bytes.frame(each[0], each[1] == 1, payload, mask);
      sha.update(frame);
      int at = 0;
      while (at < frame.length) {
        int part = Math.min(frame.length - at, random.nextInt(5) == 0 ? 7 : 200_000);
        out.write(frame, at, part);
        at += part;
      }
      out.flush();
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  private static String hash(InputStream in, long bytes) throws IOException {
    MessageDigest sha = sha();
    byte[] buffer = new byte[1 << 16];
    long left = bytes;
    while (left > 0) {
      int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        throw new IOException(left + " bytes did not come");
      }
      sha.update(buffer, 0, read);
      left -= read;
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  private static MessageDigest sha() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
