package parley.relay.srtp;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * The part of OpenSSL's libcrypto that AES-GCM takes (EVP_EncryptInit(3)). Pointers are passed as
 * numbers, so that a call makes no object. A system without the library, or with one that is too
 * old, gets the JDK's cipher.
 */
final class Libcrypto {

  /** Of OpenSSL 3, under the name that its binary interface has on Linux. */
  private static final String NAME = "libcrypto.so.3";

  static final int CTRL_GET_TAG = 0x10; // EVP_CTRL_AEAD_GET_TAG
  static final int CTRL_SET_TAG = 0x11; // EVP_CTRL_AEAD_SET_TAG

  private static final @Nullable Libcrypto LOADED = load();

  private final MethodHandle newContext;
  private final MethodHandle freeContext;
  private final MethodHandle init;
  private final MethodHandle update;
  private final MethodHandle last;
  private final MethodHandle control;
  private final long aes128Gcm;

  private Libcrypto(SymbolLookup symbols) throws Throwable {
    newContext = bind(symbols, "EVP_CIPHER_CTX_new", JAVA_LONG);
    freeContext =
        Linker.nativeLinker()
            .downcallHandle(
                symbols.findOrThrow("EVP_CIPHER_CTX_free"), FunctionDescriptor.ofVoid(JAVA_LONG));
    init =
        bind(
            symbols,
            "EVP_CipherInit_ex",
            JAVA_INT,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_INT);
    update =
        bind(
            symbols,
            "EVP_CipherUpdate",
            JAVA_INT,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_INT);
    last = bind(symbols, "EVP_CipherFinal_ex", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    control =
        bind(symbols, "EVP_CIPHER_CTX_ctrl", JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG);
    aes128Gcm = (long) bind(symbols, "EVP_aes_128_gcm", JAVA_LONG).invokeExact();
  }

  /** Null: this system has none. */
  static @Nullable Libcrypto get() {
    return LOADED;
  }

  private static @Nullable Libcrypto load() {
    try {
      return new Libcrypto(SymbolLookup.libraryLookup(NAME, Arena.global()));
    } catch (Throwable e) {
      return null; // not there, or another one: the JDK can do it, too
    }
  }

  /** These calls take well under a microsecond and call nothing back: the JVM may stay in Java. */
  private static MethodHandle bind(
      SymbolLookup symbols, String name, MemoryLayout result, MemoryLayout... arguments) {
    return Linker.nativeLinker()
        .downcallHandle(
            symbols.findOrThrow(name),
            FunctionDescriptor.of(result, arguments),
            Linker.Option.critical(false));
  }

  /** A context that has AES-128-GCM's key. */
  long newContext(long keyAddress) {
    try {
      long context = (long) newContext.invokeExact();
      if (context == 0) {
        throw new OutOfMemoryError("EVP_CIPHER_CTX_new");
      }
      check((int) init.invokeExact(context, aes128Gcm, 0L, keyAddress, 0L, 1));
      return context;
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  /** Wipes the key, too. */
  void free(long context) {
    try {
      freeContext.invokeExact(context);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  /** The next packet, with the key that it has. */
  void start(long context, long ivAddress, boolean encrypt) {
    try {
      check((int) init.invokeExact(context, 0L, 0L, 0L, ivAddress, encrypt ? 1 : 0));
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  /**
   * @param to 0: what is read is only authenticated
   */
  void update(long context, long to, long lengthAddress, long from, int bytes) {
    try {
      check((int) update.invokeExact(context, to, lengthAddress, from, bytes));
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  /** False: what was decrypted does not authenticate. */
  boolean last(long context, long to, long lengthAddress) {
    try {
      return (int) last.invokeExact(context, to, lengthAddress) > 0;
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  void control(long context, int what, int bytes, long address) {
    try {
      check((int) control.invokeExact(context, what, bytes, address));
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  private static void check(int result) {
    if (result <= 0) {
      throw new IllegalStateException("libcrypto refused what it must be able to do");
    }
  }

  private static RuntimeException failed(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return e instanceof RuntimeException known ? known : new IllegalStateException(e);
  }
}
