package parley.relay.replay;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import parley.relay.evidence.BundleVerifier;

/**
 * A runnable jar of the verifier and what it needs, cut out of the running program: those of our
 * classes that it names, directly or not. Nothing else has to be installed but a JDK.
 */
final class VerifierJar {

  /** Of our own classes all it needs lie here; the architecture test sees to that. */
  private static final String OURS = BundleVerifier.class.getPackageName().replace('.', '/') + "/";

  private VerifierJar() {}

  static void write(OutputStream out) throws IOException {
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, BundleVerifier.class.getName());
    var bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
      for (Map.Entry<String, byte[]> each : classes().entrySet()) {
        var entry = new JarEntry(each.getKey() + ".class");
        entry.setTime(0);
        jar.putNextEntry(entry);
        jar.write(each.getValue());
        jar.closeEntry();
      }
    }
    bytes.writeTo(out);
  }

  /** By internal name. */
  private static Map<String, byte[]> classes() throws IOException {
    Map<String, byte[]> found = new TreeMap<>();
    Deque<String> open = new ArrayDeque<>();
    open.add(BundleVerifier.class.getName().replace('.', '/'));
    while (!open.isEmpty()) {
      String name = open.remove();
      if (found.containsKey(name)) {
        continue;
      }
      byte[] bytes = bytes(name);
      found.put(name, bytes);
      for (PoolEntry entry : ClassFile.of().parse(bytes).constantPool()) {
        if (entry instanceof ClassEntry named && named.asInternalName().startsWith(OURS)) {
          open.add(named.asInternalName());
        }
      }
    }
    return found;
  }

  private static byte[] bytes(String name) throws IOException {
    try (InputStream in = BundleVerifier.class.getResourceAsStream("/" + name + ".class")) {
      if (in == null) {
        throw new IOException("the verifier's " + name + " is not in this program");
      }
      return in.readAllBytes();
    }
  }
}
