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
import java.net.SocketException;
import java.nio.ByteOrder;

/**
 * One UDP socket by Linux' own system calls (64-bit), which take and give many datagrams at once.
 * One thread at a time.
 */
final class LinuxUdp implements AutoCloseable {

  /** The socket's calls do not block unless asked to. */
  static final int DONT_WAIT = 0x40;

  /** recvmmsg waits for the first datagram and takes what else is there. */
  static final int WAIT_FOR_ONE = 0x10000;

  private static final int AF_INET = 2;
  private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_SNDBUF = 7;
  private static final int SO_RCVBUF = 8;
  private static final int SO_SNDBUFFORCE = 32;
  private static final int SO_RCVBUFFORCE = 33;
  private static final int SOCKADDR_BYTES = 16;

  private static final ValueLayout.OfShort PORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt ADDRESS_V4 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private static final MethodHandle SOCKET = function("socket", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle BIND = function("bind", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle SETSOCKOPT =
      function("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle GETSOCKNAME =
      function("getsockname", JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle CLOSE = function("close", JAVA_INT);
  private static final MethodHandle RECVMMSG =
      function("recvmmsg", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle SENDMMSG =
      function("sendmmsg", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);

  private final int fd;

  /**
   * @param address IPv4, as a number; 0: every address
   * @param port 0: any
   * @param bufferBytes of the kernel, each way; a privileged process gets it in any case
   */
  LinuxUdp(Arena arena, int address, int port, int bufferBytes) throws SocketException {
    fd = invoke(SOCKET, AF_INET, SOCK_DGRAM_CLOEXEC, 0);
    if (fd < 0) {
      throw new SocketException("no UDP socket to be had");
    }
    MemorySegment name = arena.allocate(SOCKADDR_BYTES, 8);
    name.set(ValueLayout.JAVA_SHORT, 0, (short) AF_INET);
    name.set(PORT, 2, (short) port);
    name.set(ADDRESS_V4, 4, address);
    if (invoke(BIND, fd, name, SOCKADDR_BYTES) != 0) {
      close();
      throw new SocketException("UDP port " + port + " cannot be bound");
    }
    if (!option(arena, SO_RCVBUFFORCE, bufferBytes)) {
      option(arena, SO_RCVBUF, bufferBytes);
    }
    if (!option(arena, SO_SNDBUFFORCE, bufferBytes)) {
      option(arena, SO_SNDBUF, bufferBytes);
    }
  }

  private static MethodHandle function(String name, MemoryLayout... arguments) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
  }

  int fd() {
    return fd;
  }

  int port(Arena arena) {
    MemorySegment name = arena.allocate(SOCKADDR_BYTES, 8);
    MemorySegment length = arena.allocateFrom(JAVA_INT, SOCKADDR_BYTES);
    invoke(GETSOCKNAME, fd, name, length);
    return name.get(PORT, 2) & 0xffff;
  }

  /**
   * @return how many messages were taken in; −1: none, or an earlier datagram's ICMP error
   */
  int receive(MessageVector messages, int flags) {
    try {
      return (int)
          RECVMMSG.invokeExact(
              fd, messages.headers(), messages.capacity(), flags, MemorySegment.NULL);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Sends messages from the first up to {@code count}, all of them unless the kernel refuses.
   *
   * @return how many it took
   */
  int send(MessageVector messages, int count) {
    int sent = 0;
    try {
      while (sent < count) {
        MemorySegment rest = sent == 0 ? messages.headers() : messages.headersFrom(sent);
        int taken = (int) SENDMMSG.invokeExact(fd, rest, count - sent, 0);
        if (taken <= 0) {
          break;
        }
        sent += taken;
      }
      return sent;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    invoke(CLOSE, fd);
  }

  private boolean option(Arena arena, int name, int value) {
    MemorySegment at = arena.allocateFrom(JAVA_INT, value);
    return invoke(SETSOCKOPT, fd, SOL_SOCKET, name, at, (int) JAVA_INT.byteSize()) == 0;
  }

  private static int invoke(MethodHandle function, Object... arguments) {
    try {
      return (int) function.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
