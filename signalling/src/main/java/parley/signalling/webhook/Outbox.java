package parley.signalling.webhook;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has not been delivered yet, on disk: each event once, and for every endpoint the numbers of
 * those it is owed. Every method throws {@link MVStoreException} when the disk fails; the outbox is
 * then to be opened anew. Owned by the {@link Webhooks} thread.
 */
final class Outbox implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Outbox.class);

  private static final String FILE = "outbox.mv";
  private static final String MESSAGES = "messages";
  private static final String OWED = "owed.";
  private static final String OPEN = "open";
  private static final String TIMES = "times";
  private static final String ALIVE = "alive";

  /** What an event costs besides its body: its place in both maps and in memory. */
  private static final int OVERHEAD_BYTES = 1_000;

  /** Bodies are read once or twice; the store's default of 16 MB would be wasted on them. */
  private static final int CACHE_MB = 1;

  private final MVStore store;
  private final MVMap<Long, String> messages;
  private final MVMap<String, String> open;
  private final MVMap<String, String> times;
  private final Map<String, MVMap<Long, String>> owed = new LinkedHashMap<>();
  private final long maxBytes;
  private long bytes;
  private long lastNumber;
  private boolean unsaved;
  private boolean added;

  private Outbox(MVStore store, Collection<String> endpoints, long maxBytes) {
    this.store = store;
    this.maxBytes = maxBytes;
    this.messages = map(MESSAGES);
    this.open = store.openMap(OPEN, words());
    this.times = store.openMap(TIMES, words());
    for (String endpoint : endpoints) {
      owed.put(endpoint, map(OWED + endpoint));
    }
    dropOthers();
    messages.forEach((number, text) -> bytes += cost(text));
    Long last = messages.lastKey();
    lastNumber = last == null ? 0 : last;
  }

  /**
   * Opens the outbox in a folder, and what an earlier process has left in it.
   *
   * @param endpoints names; what is owed to others is forgotten, with a word in the log
   * @param maxBytes about how much it holds
   * @throws IOException with a sentence, when the folder cannot be had or another process uses it
   */
  static Outbox open(Path folder, Collection<String> endpoints, long maxBytes) throws IOException {
    Path file = folder.resolve(FILE);
    try {
      return new Outbox(openStore(file), endpoints, maxBytes);
    } catch (MVStoreException e) {
      if (e.getErrorCode() == DataUtils.ERROR_FILE_LOCKED) {
        throw new IOException("another process uses the outbox in " + folder, e);
      }
      if (e.getErrorCode() != DataUtils.ERROR_FILE_CORRUPT) {
        throw new IOException("the outbox in " + folder + " cannot be opened: " + e, e);
      }
      // Calls matter more than what is told of them: begin anew, and leave the rest to a person.
      Path aside = folder.resolve(FILE + ".damaged");
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
      log.error("the outbox was damaged; begun anew, the old one is now {}", aside, e);
      return new Outbox(openStore(file), endpoints, maxBytes);
    }
  }

  private static MVStore openStore(Path file) {
    return new MVStore.Builder()
        .fileName(file.toString())
        .cacheSize(CACHE_MB)
        .autoCommitBufferSize(0) // only what belongs together is written together
        .backgroundExceptionHandler((thread, e) -> log.error("the outbox cannot be written", e))
        .open();
  }

  /** Visits the number and the message of all that an endpoint is owed, in order. */
  void owed(String endpoint, BiConsumer<Long, WebhookMessage> each) {
    for (Long number : owedTo(endpoint).keySet()) {
      WebhookMessage message = get(number);
      if (message != null) {
        each.accept(number, message);
      }
    }
  }

  /**
   * Puts a message in; {@link #save} makes it last.
   *
   * @return its number; 0 when there is no room
   */
  long add(WebhookMessage message, List<WebhookEndpoint> endpoints) {
    String text = message.encode();
    if (bytes + cost(text) > maxBytes) {
      return 0;
    }
    long number = ++lastNumber;
    messages.put(number, text);
    for (WebhookEndpoint endpoint : endpoints) {
      owedTo(endpoint.name()).put(number, "");
    }
    bytes += cost(text);
    unsaved = true;
    added = true;
    return number;
  }

  /** A call of which servers know runs, or rings. */
  void open(String uid, String end) {
    open.put(uid, end);
    unsaved = true;
    added = true;
  }

  void closed(String uid) {
    unsaved |= open.remove(uid) != null;
  }

  boolean isOpen(String uid) {
    return open.containsKey(uid);
  }

  boolean hasOpen() {
    return !open.isEmpty();
  }

  /** By the call's uid; a copy. */
  Map<String, String> allOpen() {
    return new LinkedHashMap<>(open);
  }

  void alive(Instant now) {
    times.put(ALIVE, now.toString());
    unsaved = true;
  }

  /** When a process that used this outbox was last known to live. */
  Instant alive() {
    String at = times.get(ALIVE);
    return at == null ? Instant.EPOCH : Instant.parse(at);
  }

  /** Null when it is there no more. */
  @Nullable WebhookMessage get(long number) {
    String text = messages.get(number);
    return text == null ? null : WebhookMessage.decode(text);
  }

  /** An endpoint is owed this no more. */
  void settle(String endpoint, long number) {
    owedTo(endpoint).remove(number);
    unsaved = true;
    if (owed.values().stream().noneMatch(numbers -> numbers.containsKey(number))) {
      String text = messages.remove(number);
      bytes -= text == null ? 0 : cost(text);
    }
  }

  /** Writes what has changed; when something was added, waits until the disk has it. */
  void save() {
    if (unsaved) {
      store.commit();
      if (added) {
        store.sync();
      }
      unsaved = false;
      added = false;
    }
  }

  /** About how much of the room is taken. */
  long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    store.close();
  }

  private MVMap<Long, String> owedTo(String endpoint) {
    MVMap<Long, String> numbers = owed.get(endpoint);
    if (numbers == null) {
      throw new IllegalArgumentException("not an endpoint of this outbox: " + endpoint);
    }
    return numbers;
  }

  /** What endpoints that are not configured any more were owed, and what is owed to nobody. */
  private void dropOthers() {
    for (String name : List.copyOf(store.getMapNames())) {
      if (name.startsWith(OWED) && !owed.containsKey(name.substring(OWED.length()))) {
        log.warn(
            "webhook endpoint {} is configured no more: {} events for it are dropped",
            name.substring(OWED.length()),
            map(name).size());
        store.removeMap(name);
        unsaved = true;
      }
    }
    List<Long> nobodys = new ArrayList<>();
    for (Long number : messages.keySet()) {
      if (owed.values().stream().noneMatch(numbers -> numbers.containsKey(number))) {
        nobodys.add(number);
      }
    }
    nobodys.forEach(messages::remove);
    unsaved |= !nobodys.isEmpty();
  }

  private MVMap<Long, String> map(String name) {
    return store.openMap(
        name,
        new MVMap.Builder<Long, String>()
            .keyType(LongDataType.INSTANCE)
            .valueType(StringDataType.INSTANCE));
  }

  private static MVMap.Builder<String, String> words() {
    return new MVMap.Builder<String, String>()
        .keyType(StringDataType.INSTANCE)
        .valueType(StringDataType.INSTANCE);
  }

  private static long cost(String text) {
    return text.length() + (long) OVERHEAD_BYTES;
  }
}
