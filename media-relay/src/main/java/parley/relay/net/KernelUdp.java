package parley.relay.net;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.net.Inet4Address;
import java.net.InetSocketAddress;

/**
 * Linux' system calls for UDP sockets, as 64-bit processors have them: many datagrams a call, and
 * no object for any of them. Sockets are told by their file descriptor. Nothing here blocks.
 */
final class KernelUdp {

  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int SOCK_DGRAM_NONBLOCK_CLOEXEC = 2 | 0x800 | 0x80000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_SNDBUF = 7;
  private static final int SO_RCVBUF = 8;
  private static final int SO_BUSY_POLL = 46;
  private static final int IPPROTO_IP = 0;
  private static final int IP_MTU_DISCOVER = 10;
  private static final int IPPROTO_IPV6 = 41;
  private static final int IPV6_V6ONLY = 26;
  private static final int MSG_DONTWAIT = 0x40;

  /** The socket's buffer is full. */
  static final int EAGAIN = 11;

  private static final StructLayout ERRNO = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO_VALUE =
      ERRNO.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle SOCKET = function("socket", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle BIND = function("bind", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle SETSOCKOPT =
      function("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle CLOSE = function("close", JAVA_INT);
  private static final MethodHandle DUP = function("dup", JAVA_INT);
  private static final MethodHandle STRERROR =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("strerror"),
              FunctionDescriptor.of(ADDRESS, JAVA_INT));
  private static final MethodHandle RECVMMSG =
      function("recvmmsg", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle SENDMMSG =
      function("sendmmsg", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle SENDTO =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("sendto"),
              FunctionDescriptor.of(
                  JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT),
              Linker.Option.captureCallState("errno"));

  /** Why the last call failed; a thread of its own uses each. */
  private final MemorySegment errno;

  KernelUdp(Arena arena) {
    errno = arena.allocate(ERRNO);
  }

  private static MethodHandle function(String name, MemoryLayout... arguments) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(JAVA_INT, arguments),
        Linker.Option.captureCallState("errno"));
  }

  /**
   * Opens a socket and binds it.
   *
   * @param bufferBytes asked of the kernel, each way
   * @throws IOException with the kernel's words
   */
  int open(InetSocketAddress local, int bufferBytes) throws IOException {
    boolean ipv4 = local.getAddress() instanceof Inet4Address;
    try (Arena arena = Arena.ofConfined()) {
      int fd =
          (int)
              SOCKET.invokeExact(errno, ipv4 ? AF_INET : AF_INET6, SOCK_DGRAM_NONBLOCK_CLOEXEC, 0);
      if (fd < 0) {
        throw failure();
      }
      if (!ipv4) {
        boolean _ = option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
      }
      boolean _ = option(fd, SOL_SOCKET, SO_RCVBUF, bufferBytes);
      boolean _ = option(fd, SOL_SOCKET, SO_SNDBUF, bufferBytes);
      MemorySegment name = arena.allocate(SocketName.MOST_BYTES, 8);
      int length = SocketName.write(name, 0, local);
      if ((int) BIND.invokeExact(errno, fd, name, length) != 0) {
        IOException failure = failure();
        close(fd);
        throw failure;
      }
      return fd;
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether datagrams of an IPv4 socket may be fragmented; ip(7), IP_PMTUDISC_DONT or _DO. */
  void fragments(int fd, boolean allowed) {
    boolean _ = option(fd, IPPROTO_IP, IP_MTU_DISCOVER, allowed ? 0 : 2);
  }

  /**
   * Has the kernel ask the network card itself for so long when the socket is empty (socket(7)).
   *
   * @return false when it refused
   */
  boolean busyPoll(int fd, int us) {
    return option(fd, SOL_SOCKET, SO_BUSY_POLL, us);
  }

  private boolean option(int fd, int level, int name, int value) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment at = arena.allocateFrom(JAVA_INT, value);
      return (int) SETSOCKOPT.invokeExact(errno, fd, level, name, at, (int) JAVA_INT.byteSize())
          == 0;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Takes what waits, up to {@code most}.
   *
   * @return how many datagrams; 0: none
   */
  int receive(int fd, DatagramVector into, int most) {
    try {
      int count =
          (int)
              RECVMMSG.invokeExact(
                  errno, fd, into.headers(), most, MSG_DONTWAIT, MemorySegment.NULL);
      return Math.max(0, count);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Sends datagrams, from {@code first} up to before {@code end}.
   *
   * @return how many the kernel took; 0: it refused the first, {@link #isFull} may say why
   */
  int send(int fd, DatagramVector datagrams, int first, int end) {
    try {
      if (end - first == 1) {
        long sent =
            (long)
                SENDTO.invokeExact(
                    errno,
                    fd,
                    datagrams.buffer(first),
                    (long) datagrams.length(first),
                    MSG_DONTWAIT,
                    datagrams.name(first),
                    datagrams.nameLength(first));
        return sent < 0 ? 0 : 1;
      }
      return send(fd, datagrams.headersFrom(first), end - first);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Sends messages, each an {@code mmsghdr} at {@code headers}.
   *
   * @return how many the kernel took; 0: it refused the first, {@link #error} says why
   */
  int send(int fd, MemorySegment headers, int count) {
    try {
      int sent = (int) SENDMMSG.invokeExact(errno, fd, headers, count, MSG_DONTWAIT);
      return Math.max(0, sent);
    } catch (Throwable e) {
      throw new IllegalStateException("sendmmsg", e);
    }
  }

  /** After a call that failed: the kernel's number for it. */
  int error() {
    return (int) ERRNO_VALUE.get(errno, 0L);
  }

  /** After a call that failed: the socket's buffer is full, and nothing else is wrong. */
  boolean isFull() {
    return error() == EAGAIN;
  }

  /** Another descriptor of the same socket, which stays open until both are closed. */
  int duplicate(int fd) {
    try {
      int other = (int) DUP.invokeExact(errno, fd);
      if (other < 0) {
        throw failure();
      }
      return other;
    } catch (Throwable e) {
      throw new IllegalStateException("dup", e);
    }
  }

  void close(int fd) {
    try {
      int _ = (int) CLOSE.invokeExact(errno, fd);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private IOException failure() {
    int number = error();
    try {
      MemorySegment words = (MemorySegment) STRERROR.invokeExact(number);
      return new IOException(words.reinterpret(256).getString(0));
    } catch (Throwable e) {
      return new IOException("error " + number, e);
    }
  }
}
