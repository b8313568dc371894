package parley.relay.net;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import parley.relay.mix.Announcement;
import parley.relay.opus.Opus;

/** What participants of a recorded call hear. Made beside the start, which need not wait for it. */
final class NoticeSound {

  private final CompletableFuture<Optional<Announcement>> made;

  private NoticeSound(CompletableFuture<Optional<Announcement>> made) {
    this.made = made;
  }

  /** The tone; nothing without an Opus library. */
  static NoticeSound tone() {
    var made = new CompletableFuture<Optional<Announcement>>();
    Thread.ofVirtual().name("notice").start(() -> make(made));
    return new NoticeSound(made);
  }

  /** The operator's. */
  static NoticeSound of(Announcement announcement) {
    return new NoticeSound(CompletableFuture.completedFuture(Optional.of(announcement)));
  }

  private static void make(CompletableFuture<Optional<Announcement>> made) {
    try {
      made.complete(Opus.isAvailable() ? Optional.of(Announcement.tone()) : Optional.empty());
    } catch (RuntimeException | LinkageError e) {
      made.complete(Optional.empty());
    }
  }

  boolean isReady() {
    return made.isDone();
  }

  /** Null when there is nothing to be heard; only when it is ready. */
  @Nullable Announcement get() {
    return made.getNow(Optional.empty()).orElse(null);
  }
}
