package parley.load.bench.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Which of thousands of sockets have something to read (epoll(7)). One thread waits. */
final class Epoll implements AutoCloseable {

  private static final int CLOEXEC = 0x80000;
  private static final int CTL_ADD = 1;
  private static final int EPOLLIN = 1;
  private static final int MAX_EVENTS = 256;

  /** struct epoll_event is packed on x86 and on no other architecture. */
  private static final boolean PACKED = System.getProperty("os.arch").equals("amd64");

  private static final int EVENT_BYTES = PACKED ? 12 : 16;
  private static final int DATA_AT = PACKED ? 4 : 8;

  private static final MethodHandle CREATE = function("epoll_create1", JAVA_INT);
  private static final MethodHandle CONTROL =
      function("epoll_ctl", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle WAIT =
      function("epoll_wait", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle CLOSE = function("close", JAVA_INT);

  private final int fd;
  private final MemorySegment events;

  Epoll(Arena arena) {
    events = arena.allocate((long) MAX_EVENTS * EVENT_BYTES, 16);
    try {
      fd = (int) CREATE.invokeExact(CLOEXEC);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static MethodHandle function(String name, MemoryLayout... arguments) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
  }

  /** Watches a socket, which tells itself apart by a number. Any thread. */
  void add(int socket, int number) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment event = arena.allocate(EVENT_BYTES, 8);
      event.set(JAVA_INT, 0, EPOLLIN);
      event.set(ValueLayout.JAVA_INT_UNALIGNED, DATA_AT, number);
      int _ = (int) CONTROL.invokeExact(fd, CTL_ADD, socket, event);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Waits until a socket is readable.
   *
   * @return how many are
   */
  int await(int timeoutMs) {
    try {
      return Math.max(0, (int) WAIT.invokeExact(fd, events, MAX_EVENTS, timeoutMs));
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** The number of the i-th readable socket of the last {@link #await}. */
  int readable(int i) {
    return events.get(ValueLayout.JAVA_INT_UNALIGNED, (long) i * EVENT_BYTES + DATA_AT);
  }

  @Override
  public void close() {
    try {
      int _ = (int) CLOSE.invokeExact(fd);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
