package parley.relay.index;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a recording without opening it.
 *
 * @param id day and name of its folder, {@code 2026-11-22/120001-<call uid>}
 * @param call uid of the call
 * @param team uid
 * @param chat jid, or those of both contacts joined by {@code +}
 * @param title what the chat was called
 * @param node name of the machine that recorded it
 * @param ended null while it runs, or when it does not say
 * @param state how it ended, if it did
 * @param completeness how much of what was due is held, 0 to 1
 * @param talkMs how long somebody talked, all contacts added up
 * @param talkedOverMs how long two contacts and more talked at once
 * @param parties one for each device that took part, in the order they came
 * @param policy how it was to be recorded
 * @param keptUntil null: nobody said so
 * @param held whether it is on legal hold
 * @param bytes of all its files on the local disk
 * @param verified what the latest verification came to
 * @param stamp of its files: another one means that it has to be read anew
 */
public record IndexedRecording(
    String id,
    String call,
    String team,
    String chat,
    String title,
    String node,
    Instant began,
    @Nullable Instant ended,
    long lengthMs,
    State state,
    double completeness,
    long talkMs,
    long talkedOverMs,
    List<Party> parties,
    Policy policy,
    @Nullable Instant keptUntil,
    boolean held,
    boolean encrypted,
    Place place,
    long bytes,
    Verified verified,
    String stamp) {

  public IndexedRecording {
    parties = List.copyOf(parties);
  }

  /** How a recording ended. */
  public enum State {
    /** It has not. */
    RUNNING,
    /** With the call, or when it was switched off. */
    COMPLETE,
    /** Before the call did: its disk was full. */
    STOPPED,
    /** Its process died. */
    INTERRUPTED,
    /** Its description cannot be read. */
    UNREADABLE,
    /** Only the certificate of its deletion is left. */
    DELETED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Where its audio lies. */
  public enum Place {
    DISK,
    DISK_AND_STORE,
    STORE;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A device that took part.
   *
   * @param track file name without the ending of encrypted ones; empty: none
   * @param joinedMs from the beginning
   * @param leftMs from the beginning
   */
  public record Party(
      String contact,
      String name,
      String device,
      String track,
      long joinedMs,
      long leftMs,
      long talkMs,
      long mutedMs,
      long maskedMs,
      double completeness) {}

  /**
   * How it was to be recorded.
   *
   * @param retention class of retention; empty: none
   */
  public record Policy(String name, String version, String mode, String retention) {
    static final Policy NONE = new Policy("", "", "", "");
  }

  /** What a verification came to. */
  public enum Proof {
    UNKNOWN,
    PROVEN,
    BROKEN;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The latest verification.
   *
   * @param at null: there was none
   * @param note the first of what was found; empty: nothing
   */
  public record Verified(Proof proof, @Nullable Instant at, String note) {
    /** Not verified yet. */
    public static final Verified NEVER = new Verified(Proof.UNKNOWN, null, "");
  }

  /** The same, of which another verification is known. */
  public IndexedRecording with(Verified other) {
    return with(parties, other);
  }

  IndexedRecording with(List<Party> others) {
    return with(others, verified);
  }

  private IndexedRecording with(List<Party> others, Verified other) {
    return new IndexedRecording(
        id,
        call,
        team,
        chat,
        title,
        node,
        began,
        ended,
        lengthMs,
        state,
        completeness,
        talkMs,
        talkedOverMs,
        others,
        policy,
        keptUntil,
        held,
        encrypted,
        place,
        bytes,
        other,
        stamp);
  }
}
