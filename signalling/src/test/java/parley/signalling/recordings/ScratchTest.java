package parley.signalling.recordings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ScratchTest {

  private static final Scratch.Maker HELLO =
      (out, progress) -> out.write("hello".getBytes(StandardCharsets.UTF_8));

  @TempDir Path folder;
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-22T12:00:00Z"));
  private Scratch scratch;

  @BeforeEach
  void open() throws IOException {
    scratch = new Scratch(folder.resolve("scratch"), now::get);
  }

  @AfterEach
  void close() {
    scratch.close();
  }

  private Scratch.Look made(String key, Scratch.Maker maker) throws Refusal {
    Scratch.Look look = scratch.ask(key, maker);
    while (look.state() == Scratch.State.WAITING || look.state() == Scratch.State.RUNNING) {
      LockSupport.parkNanos(1_000_000);
      look = scratch.ask(key, maker);
    }
    return look;
  }

  private long files() throws IOException {
    try (Stream<Path> all = Files.list(folder.resolve("scratch"))) {
      return all.count();
    }
  }

  @Test
  void makesAFileOnceAndKeepsItForAnHourAfterSomebodyAskedLast() throws Exception {
    var times = new AtomicInteger();
    Scratch.Maker counting =
        (out, progress) -> {
          times.incrementAndGet();
          HELLO.make(out, progress);
        };
    Path file = made("a", counting).file();
    assertThat(file).hasContent("hello");
    now.updateAndGet(t -> t.plus(Duration.ofMinutes(59)));
    assertThat(made("a", counting).file()).isEqualTo(file);
    now.updateAndGet(t -> t.plus(Duration.ofMinutes(59)));
    assertThat(made("a", counting).file()).isEqualTo(file);
    assertThat(times).hasValue(1);
    now.updateAndGet(t -> t.plus(Duration.ofMinutes(61)));
    assertThat(scratch.find("a")).isNull();
    assertThat(files()).isZero();
  }

  @Test
  void tellsHowFarItIsAndEndsWhatNobodyWantsAnyMore() throws Exception {
    var begun = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var ended = new CountDownLatch(1);
    Scratch.Maker slow =
        (out, progress) -> {
          progress.at(0.42, "mixing");
          begun.countDown();
          try {
            go.await();
            progress.at(0.43, "mixing");
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } finally {
            ended.countDown();
          }
        };
    scratch.ask("a", slow);
    begun.await();
    Scratch.Look look = scratch.ask("a", slow);
    assertThat(look.state()).isEqualTo(Scratch.State.RUNNING);
    assertThat(look.progress()).isEqualTo(0.42);
    assertThat(look.step()).isEqualTo("mixing");
    assertThat(scratch.remove("a")).isTrue();
    go.countDown();
    ended.await();
    assertThat(made("b", HELLO).file()).hasContent("hello");
    assertThat(files()).isEqualTo(1);
  }

  @Test
  void saysWhyItFailedAndTriesAgainWhenAskedAgain() throws Exception {
    Scratch.Maker broken =
        (out, progress) -> {
          throw new IOException("the track is damaged");
        };
    Scratch.Look look = made("a", broken);
    assertThat(look.state()).isEqualTo(Scratch.State.FAILED);
    assertThat(look.detail()).isEqualTo("the track is damaged");
    assertThat(made("a", HELLO).file()).hasContent("hello");
  }

  @Test
  void clearsAwayWhatAProcessLeftThatDied() throws Exception {
    Files.writeString(folder.resolve("scratch/7.part"), "left");
    scratch.close();
    open();
    assertThat(files()).isZero();
  }
}
