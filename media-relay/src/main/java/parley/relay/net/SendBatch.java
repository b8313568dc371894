package parley.relay.net;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import parley.relay.Drop;
import parley.relay.LoopMeter;

/**
 * Datagrams on their way out of one socket, handed to the kernel by one sendmmsg(2). They are
 * copied once, to where the kernel reads them, and nothing is allocated.
 *
 * <p>What goes to the same destination goes as one message that the kernel cuts into datagrams as
 * late as it can (UDP segmentation offload, udp(7) {@code UDP_SEGMENT}): one way through the
 * network stack for two voices to one listener. All of its datagrams have the same length but for
 * the last, which may be shorter; so the longer of two voices goes first, while the packets of one
 * voice keep their order.
 *
 * <p>The layout is that of Linux on 64-bit machines. Owned by its port's event loop.
 */
final class SendBatch {

  /** A call of a thousand takes four system calls a packet; sendmmsg takes at most 1024. */
  static final int CAPACITY = 256;

  /** Half a kilobyte a datagram: audio has less, a flight of DTLS more. */
  static final int CAPACITY_BYTES = 128 * 1024;

  /** UDP_MAX_SEGMENTS of the oldest kernels that know the option. */
  private static final int MAX_SEGMENTS = 64;

  /** What one IPv4 datagram can hold, which the message is before it is cut. */
  private static final int MAX_MESSAGE_BYTES = 65_507;

  /** Longer chains are left in the order they came in: sorting must not cost more than it saves. */
  private static final int MAX_SORTED = 32;

  // struct mmsghdr
  private static final int HEADER_BYTES = 64;
  private static final int NAME_LENGTH_AT = 8;
  private static final int IOVEC_AT = 16;
  private static final int IOVEC_COUNT_AT = 24;
  private static final int CONTROL_AT = 32;
  private static final int CONTROL_LENGTH_AT = 40;

  private static final int IOVEC_BYTES = 16;

  // struct cmsghdr with a 16-bit length of segments
  private static final int CONTROL_BYTES = 24;
  private static final int CONTROL_LENGTH = 18;
  private static final int CONTROL_LEVEL_AT = 8;
  private static final int CONTROL_TYPE_AT = 12;
  private static final int CONTROL_DATA_AT = 16;
  private static final int SOL_UDP = 17;
  private static final int UDP_SEGMENT = 103;

  private static final int EIO = 5;
  private static final int EINVAL = 22;

  private final KernelUdp kernel;
  private final MemorySegment headers;
  private final MemorySegment iovecs;
  private final MemorySegment names;
  private final MemorySegment controls;
  private final MemorySegment data;
  private final long dataAddress;

  // By datagram, in the order they came in.
  private final int[] at = new int[CAPACITY];
  private final int[] lengths = new int[CAPACITY];
  private final int[] streams = new int[CAPACITY];
  private final int[] next = new int[CAPACITY];
  private final Destination[] destinations = new Destination[CAPACITY];

  // By message; and which datagrams are in it, from order[firsts[m]] on.
  private final int[] order = new int[CAPACITY];
  private final int[] firsts = new int[CAPACITY + 1];
  private final Destination[] targets = new Destination[CAPACITY];

  private boolean segmenting = true;
  private long number;
  private int count;
  private int bytes;
  private int destinationCount;

  /** With memory that is freed with the batch. */
  SendBatch() {
    Arena arena = Arena.ofAuto();
    kernel = new KernelUdp(arena);
    headers = arena.allocate((long) CAPACITY * HEADER_BYTES, 64);
    iovecs = arena.allocate((long) CAPACITY * IOVEC_BYTES, 64);
    names = arena.allocate((long) CAPACITY * Destination.NAME_BYTES, 64);
    controls = arena.allocate((long) CAPACITY * CONTROL_BYTES, 64);
    data = arena.allocate(CAPACITY_BYTES, 64);
    dataAddress = data.address();
    for (int i = 0; i < CAPACITY; i++) {
      long control = (long) i * CONTROL_BYTES;
      headers.set(ADDRESS, (long) i * HEADER_BYTES, names.asSlice(name(i)));
      controls.set(JAVA_LONG, control, CONTROL_LENGTH);
      controls.set(JAVA_INT, control + CONTROL_LEVEL_AT, SOL_UDP);
      controls.set(JAVA_INT, control + CONTROL_TYPE_AT, UDP_SEGMENT);
    }
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** Whether a datagram of this length can be added before the next {@link #send}. */
  boolean hasRoom(int lengthBytes) {
    return count < CAPACITY && bytes + lengthBytes <= CAPACITY_BYTES;
  }

  /** Copies a datagram; there must be room for it. */
  void add(byte[] from, int offset, int lengthBytes, Destination to) {
    int i = count++;
    MemorySegment.copy(from, offset, data, JAVA_BYTE, bytes, lengthBytes);
    at[i] = bytes;
    lengths[i] = lengthBytes;
    streams[i] = stream(from, offset, lengthBytes);
    next[i] = -1;
    bytes += lengthBytes;
    if (to.batch == number) {
      next[to.last] = i;
    } else {
      to.batch = number;
      to.first = i;
      destinations[destinationCount++] = to;
    }
    to.last = i;
  }

  /** The SSRC of an RTP packet (RFC 3550 §5.1, RFC 5761 §4); 0: its place must be kept. */
  private static int stream(byte[] from, int offset, int lengthBytes) {
    if (lengthBytes < 12 || (from[offset] & 0xC0) != 0x80) {
      return 0;
    }
    int type = from[offset + 1] & 0xFF;
    if (type >= 192 && type <= 223) {
      return 0;
    }
    return (from[offset + 8] & 0xFF) << 24
        | (from[offset + 9] & 0xFF) << 16
        | (from[offset + 10] & 0xFF) << 8
        | (from[offset + 11] & 0xFF);
  }

  /**
   * Sends all there are. One that the kernel refuses is left out, as if it was lost on the way: the
   * next may go to somebody who can be reached. When the kernel's buffer is full, so are the rest.
   *
   * @param fd of the socket
   */
  void send(int fd, LoopMeter meter) {
    int messages = arrange();
    int done = 0;
    while (done < messages) {
      int taken = kernel.send(fd, headersFrom(done), messages - done);
      if (taken > 0) {
        done += taken;
        continue;
      }
      int error = kernel.error();
      int datagrams = firsts[done + 1] - firsts[done];
      if (error == KernelUdp.EAGAIN) {
        dropped(meter, Drop.SEND_QUEUE_FULL, count - firsts[done]);
        break;
      } else if (datagrams > 1 && (error == EIO || error == EINVAL)) {
        // This device or kernel cannot cut messages: never again, and this time one by one.
        segmenting = false;
        messages = singly(done);
      } else {
        dropped(meter, Drop.SEND_FAILED, datagrams);
        done++;
      }
    }
    clear();
  }

  private static void dropped(LoopMeter meter, Drop why, int datagrams) {
    for (int i = 0; i < datagrams; i++) {
      meter.drop(why);
    }
  }

  /** Forgets all there are. */
  void clear() {
    number++;
    count = 0;
    bytes = 0;
    destinationCount = 0;
  }

  /** Writes the messages; returns how many. */
  private int arrange() {
    int placed = 0;
    int messages = 0;
    for (int d = 0; d < destinationCount; d++) {
      Destination to = destinations[d];
      int from = placed;
      for (int i = to.first; i >= 0; i = next[i]) {
        order[placed++] = i;
      }
      if (placed - from > 1 && placed - from <= MAX_SORTED) {
        sort(from, placed);
      }
      while (from < placed) {
        int end = segmenting ? endOfMessage(from, placed) : from + 1;
        message(messages++, to, from, end);
        from = end;
      }
    }
    firsts[messages] = placed;
    return messages;
  }

  /** Longest first, but no packet passes another one of its stream. */
  private void sort(int from, int to) {
    for (int i = from + 1; i < to; i++) {
      int moved = order[i];
      int place = i;
      while (place > from
          && lengths[order[place - 1]] < lengths[moved]
          && mayPass(order[place - 1], moved)) {
        order[place] = order[place - 1];
        place--;
      }
      order[place] = moved;
    }
  }

  private boolean mayPass(int earlier, int later) {
    return streams[earlier] != 0 && streams[later] != 0 && streams[earlier] != streams[later];
  }

  /** As many as have the first one's length, and one that is shorter. */
  private int endOfMessage(int from, int to) {
    int segment = lengths[order[from]];
    int end = from + 1;
    int total = segment;
    while (end < to && end - from < MAX_SEGMENTS) {
      int length = lengths[order[end]];
      total += length;
      if (length > segment || total > MAX_MESSAGE_BYTES) {
        break;
      }
      end++;
      if (length < segment) {
        break;
      }
    }
    return end;
  }

  private void message(int message, Destination to, int from, int end) {
    long header = (long) message * HEADER_BYTES;
    long name = name(message);
    firsts[message] = from;
    targets[message] = to;
    names.set(JAVA_LONG, name, to.word0);
    names.set(JAVA_LONG, name + 8, to.word1);
    if (to.nameBytes > Destination.SOCKADDR_IN_BYTES) {
      names.set(JAVA_LONG, name + 16, to.word2);
      names.set(JAVA_LONG, name + 24, to.word3);
    }
    for (int i = from; i < end; i++) {
      long iovec = (long) i * IOVEC_BYTES;
      iovecs.set(JAVA_LONG, iovec, dataAddress + at[order[i]]);
      iovecs.set(JAVA_LONG, iovec + 8, lengths[order[i]]);
    }
    headers.set(JAVA_INT, header + NAME_LENGTH_AT, to.nameBytes);
    headers.set(JAVA_LONG, header + IOVEC_AT, iovecs.address() + (long) from * IOVEC_BYTES);
    headers.set(JAVA_LONG, header + IOVEC_COUNT_AT, end - from);
    if (end - from > 1) {
      long control = (long) message * CONTROL_BYTES;
      controls.set(JAVA_SHORT, control + CONTROL_DATA_AT, (short) lengths[order[from]]);
      headers.set(JAVA_LONG, header + CONTROL_AT, controls.address() + control);
      headers.set(JAVA_LONG, header + CONTROL_LENGTH_AT, CONTROL_BYTES);
    } else {
      headers.set(JAVA_LONG, header + CONTROL_AT, 0);
      headers.set(JAVA_LONG, header + CONTROL_LENGTH_AT, 0);
    }
  }

  /** Writes the messages from this one on anew, each of one datagram; returns how many in all. */
  private int singly(int message) {
    int last = message;
    while (firsts[last] < count) {
      last++;
    }
    int[] ends = Arrays.copyOf(firsts, last + 1);
    Destination[] to = Arrays.copyOf(targets, last);
    int written = message;
    for (int m = message; m < last; m++) {
      for (int i = ends[m]; i < ends[m + 1]; i++) {
        message(written++, to[m], i, i + 1);
      }
    }
    firsts[written] = count;
    return written;
  }

  private static long name(int message) {
    return (long) message * Destination.NAME_BYTES;
  }

  private MemorySegment headersFrom(int message) {
    return headers.asSlice((long) message * HEADER_BYTES);
  }
}
