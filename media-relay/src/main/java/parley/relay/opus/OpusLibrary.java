package parley.relay.opus;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The functions of libopus. The library is the one inside libjitsi's jar (1.5.2, for the usual
 * systems), called directly: libjitsi's Java binding reaches neither floats, nor a codec's reset,
 * nor its state, and needs three more libraries to load it.
 */
final class OpusLibrary {

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final MemoryLayout POINTER = ValueLayout.ADDRESS;

  static final MethodHandle ENCODER_GET_SIZE;
  static final MethodHandle ENCODER_INIT;
  static final MethodHandle ENCODER_CTL;
  static final MethodHandle ENCODE_FLOAT;
  static final MethodHandle DECODER_GET_SIZE;
  static final MethodHandle DECODER_INIT;
  static final MethodHandle DECODER_RESET;
  static final MethodHandle DECODE_FLOAT;

  static {
    SymbolLookup symbols = load();
    ENCODER_GET_SIZE = bind(symbols, "opus_encoder_get_size", INT);
    ENCODER_INIT = bind(symbols, "opus_encoder_init", POINTER, INT, INT, INT);
    ENCODER_CTL = variadic(symbols, "opus_encoder_ctl", POINTER, INT, INT);
    ENCODE_FLOAT = bind(symbols, "opus_encode_float", POINTER, POINTER, INT, POINTER, INT);
    DECODER_GET_SIZE = bind(symbols, "opus_decoder_get_size", INT);
    DECODER_INIT = bind(symbols, "opus_decoder_init", POINTER, INT, INT);
    DECODER_RESET = variadic(symbols, "opus_decoder_ctl", POINTER, INT);
    DECODE_FLOAT = bind(symbols, "opus_decode_float", POINTER, POINTER, INT, POINTER, INT, INT);
  }

  private OpusLibrary() {}

  private static MethodHandle bind(SymbolLookup symbols, String name, MemoryLayout... arguments) {
    return Linker.nativeLinker()
        .downcallHandle(symbols.findOrThrow(name), FunctionDescriptor.of(INT, arguments));
  }

  /** The control functions have two fixed arguments; a value may follow. */
  private static MethodHandle variadic(
      SymbolLookup symbols, String name, MemoryLayout... arguments) {
    return Linker.nativeLinker()
        .downcallHandle(
            symbols.findOrThrow(name),
            FunctionDescriptor.of(INT, arguments),
            Linker.Option.firstVariadicArg(2));
  }

  /** Libraries load from files only; the copy is needed no more once it is loaded. */
  private static SymbolLookup load() {
    Path installed = installed();
    if (installed != null) {
      return SymbolLookup.libraryLookup(installed, Arena.global());
    }
    String resource = resource();
    try (InputStream in = OpusLibrary.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new UnsatisfiedLinkError("libjitsi has no Opus for this system: " + resource);
      }
      Path file = Files.createTempFile("parley-opus", ".lib");
      file.toFile().deleteOnExit(); // where a loaded file cannot be deleted
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      SymbolLookup symbols = SymbolLookup.libraryLookup(file, Arena.global());
      boolean _ = file.toFile().delete();
      return symbols;
    } catch (IOException e) {
      throw new UncheckedIOException("the Opus library could not be unpacked", e);
    }
  }

  /**
   * Where an installation keeps it as a file: then nothing has to be written, and no folder for
   * temporary files needs to allow that what is in it is executed. Null: nowhere.
   */
  private static @Nullable Path installed() {
    String folders = System.getProperty("java.library.path", "");
    for (String folder : folders.split(File.pathSeparator, -1)) {
      Path file = Path.of(folder, System.mapLibraryName("jnopus")).toAbsolutePath();
      if (!folder.isEmpty() && Files.isRegularFile(file)) {
        return file;
      }
    }
    return null;
  }

  private static String resource() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String architecture =
        switch (System.getProperty("os.arch")) {
          case "amd64", "x86_64" -> "x86-64";
          case "aarch64", "arm64" -> "aarch64";
          case String other -> other;
        };
    if (system.startsWith("mac")) {
      return "/darwin-" + architecture + "/libjnopus.dylib";
    }
    return system.startsWith("windows")
        ? "/win32-" + architecture + "/jnopus.dll"
        : "/linux-" + architecture + "/libjnopus.so";
  }

  /** What libopus returned, if it is no error. */
  static int check(int result) {
    if (result < 0) {
      throw new IllegalStateException("libopus refuses: " + result);
    }
    return result;
  }

  /** A downcall throws nothing of its own: whatever comes is a defect of this class. */
  static AssertionError impossible(Throwable thrown) {
    return new AssertionError("calling libopus failed", thrown);
  }

  static MemorySegment allocate(int bytes) {
    // Freed with the codec it belongs to, by the garbage collector.
    return Arena.ofAuto().allocate(bytes, 16);
  }
}
