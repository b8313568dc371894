package parley.signalling.session;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** What people call the device that a User-Agent header describes: "Firefox on Linux". */
final class DeviceName {

  private static final Pattern MOBILE = Pattern.compile("Mobile|Android|iPhone|iPad|iOS");

  /** First match wins: Edge and Opera also say Chrome, Chrome also says Safari. */
  private static final Map<String, String> PROGRAMS = new LinkedHashMap<>();

  private static final Map<String, String> SYSTEMS = new LinkedHashMap<>();

  static {
    PROGRAMS.put("Edg", "Edge");
    PROGRAMS.put("OPR/", "Opera");
    PROGRAMS.put("Firefox/", "Firefox");
    PROGRAMS.put("FxiOS/", "Firefox");
    PROGRAMS.put("Chrom", "Chrome");
    PROGRAMS.put("CriOS/", "Chrome");
    PROGRAMS.put("Safari/", "Safari");
    SYSTEMS.put("iPhone", "iPhone");
    SYSTEMS.put("iPad", "iPad");
    SYSTEMS.put("Android", "Android");
    SYSTEMS.put("Windows", "Windows");
    SYSTEMS.put("Mac OS X", "macOS");
    SYSTEMS.put("CrOS", "ChromeOS");
    SYSTEMS.put("Linux", "Linux");
  }

  private DeviceName() {}

  static String of(String useragent) {
    String program = first(PROGRAMS, useragent);
    String system = first(SYSTEMS, useragent);
    if (!program.isEmpty()) {
      return system.isEmpty() ? program : program + " on " + system;
    }
    // A native client: the first product token says its name (RFC 9110 §10.1.5).
    String product = useragent.strip().split("[/\\s(]", 2)[0];
    return product.isEmpty() ? "(unknown device)" : product;
  }

  static boolean mobile(String useragent) {
    return MOBILE.matcher(useragent).find();
  }

  private static String first(Map<String, String> words, String useragent) {
    for (Map.Entry<String, String> word : words.entrySet()) {
      if (useragent.contains(word.getKey())) {
        return word.getValue();
      }
    }
    return "";
  }
}
