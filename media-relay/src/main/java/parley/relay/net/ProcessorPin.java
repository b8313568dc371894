package parley.relay.net;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps threads on processors (sched_setaffinity(2)); Linux. */
final class ProcessorPin {

  private static final Logger log = LoggerFactory.getLogger(ProcessorPin.class);

  /** CPU_SETSIZE / 8: 1024 processors. */
  private static final int MASK_BYTES = 128;

  private static final int THIS_THREAD = 0;

  private ProcessorPin() {}

  /**
   * The calling thread runs there and nowhere else from now on; where that cannot be had it runs on
   * as before, and the log says so.
   *
   * @param processor by Linux' number, from 0 on
   */
  static void keepHere(int processor) {
    if (!pinned(processor)) {
      log.warn(
          "{} cannot be kept on processor {}: name processors in media.processors that this machine"
              + " has and this process may use (taskset -p shows them)",
          Thread.currentThread().getName(),
          processor);
    }
  }

  private static boolean pinned(int processor) {
    Linker linker = Linker.nativeLinker();
    var function = linker.defaultLookup().find("sched_setaffinity");
    if (function.isEmpty() || processor / Byte.SIZE >= MASK_BYTES) {
      return false;
    }
    MethodHandle setAffinity =
        linker.downcallHandle(
            function.get(), FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      // Words of eight bytes, the least significant bit first: on the machines we know as bytes.
      MemorySegment mask = arena.allocate(MASK_BYTES, Long.BYTES);
      mask.set(JAVA_BYTE, processor / Byte.SIZE, (byte) (1 << processor % Byte.SIZE));
      return (int) setAffinity.invokeExact(THIS_THREAD, (long) MASK_BYTES, mask) == 0;
    } catch (Throwable e) {
      throw new IllegalStateException("sched_setaffinity", e);
    }
  }
}
