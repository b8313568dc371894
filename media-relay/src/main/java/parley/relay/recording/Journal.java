package parley.relay.recording;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Who came, what is missing and who talked, written down as it happens: a line each, a JSON array.
 * {@code call.json} says the same, but is some seconds old when the process dies; then it is made
 * anew from this. Gone when the recording is whole. Owned by the recorder's thread.
 *
 * <pre>
 * [track, "joined", at, {…}]      who: as in call.json
 * [track, "muted" | "unmuted", at]
 * [track, "masked", at, why]
 * [track, "unmasked", at]
 * [track, "talks" | "quiet", at]
 * [track, "gap", from, to, why]
 * [track, "hole", from]           nothing comes from here on: a gap, or filled, follows
 * [track, "filled"]
 * [track, "left", at, reason]
 * [0, "note", at, {…}]            as in call.json
 * </pre>
 *
 * Places are samples at 48 kHz from the start of the recording; tracks count from 1.
 */
final class Journal implements AutoCloseable {

  static final String FILE = ".journal";

  /** As {@link parley.relay.evidence.Seal}'s: read whole, and far more than any call writes. */
  private static final long MAX_BYTES = 256L * 1024 * 1024;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final FileChannel channel;
  private final StringBuilder waiting = new StringBuilder();
  private long size;

  Journal(Path folder) throws IOException {
    file = folder.resolve(FILE);
    channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  void joined(int track, long at, Map<String, Object> who) {
    add(List.of(track, "joined", at, who));
  }

  void left(int track, long at, String reason) {
    add(List.of(track, "left", at, reason));
  }

  void talks(int track, boolean talks, long at) {
    add(List.of(track, talks ? "talks" : "quiet", at));
  }

  void note(long at, CallDocument.Note note) {
    add(List.of(0, "note", at, CallDocument.JSON.valueToTree(note)));
  }

  /** Where the ledger of a track is written down. */
  GapLedger.Listener ledger(int track) {
    return new GapLedger.Listener() {
      @Override
      public void gap(long from, long to, Gap.Why why) {
        add(List.of(track, "gap", from, to, why.word()));
      }

      @Override
      public void muted(boolean muted, long at) {
        add(List.of(track, muted ? "muted" : "unmuted", at));
      }

      @Override
      public void masked(boolean masked, long at, String why) {
        add(masked ? List.of(track, "masked", at, why) : List.of(track, "unmasked", at));
      }

      @Override
      public void hole(long from) {
        add(List.of(track, "hole", from));
      }

      @Override
      public void filled() {
        add(List.of(track, "filled"));
      }
    };
  }

  private void add(List<Object> line) {
    try {
      waiting.append(JSON.writeValueAsString(line)).append('\n');
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("numbers and words are always JSON", e);
    }
  }

  /** Writes what has been added; before the audio that it is about. */
  void flush() throws IOException {
    if (waiting.isEmpty()) {
      return;
    }
    ByteBuffer bytes = ByteBuffer.wrap(waiting.toString().getBytes(StandardCharsets.UTF_8));
    waiting.setLength(0);
    int length = bytes.remaining();
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      channel.truncate(size); // a full disk takes half lines
      throw e;
    }
    size += length;
  }

  /** What it says is in {@code call.json}, and sealed. */
  void remove() throws IOException {
    close();
    Files.deleteIfExists(file);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** The whole lines of one that was left behind; none when there is none. */
  static List<JsonNode> read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    List<JsonNode> lines = new ArrayList<>();
    if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
      return lines;
    }
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    byte[] raw = text.getBytes(StandardCharsets.ISO_8859_1);
    int from = 0;
    for (int to = text.indexOf('\n'); to >= 0; to = text.indexOf('\n', from)) {
      try {
        lines.add(JSON.readTree(raw, from, to - from));
      } catch (IOException e) {
        return lines; // what a broken disk left; the lines before it are whole
      }
      from = to + 1;
    }
    return lines;
  }
}
