package parley.load.browser;

import org.jspecify.annotations.Nullable;

/**
 * How a browser under test differs from one that a person has just installed.
 *
 * @param testFlags true: pages may play without a click, real addresses and 127.0.0.1 appear among
 *     the candidates; false: a newcomer's browser, which differs from a fresh one only in having a
 *     fake microphone and the person's permission to use it
 * @param width of the page, CSS pixels
 * @param height of the page, CSS pixels
 * @param place null: here
 * @param server one that no name service knows; null: none
 */
public record BrowserSettings(
    boolean testFlags,
    int width,
    int height,
    @Nullable BrowserPlace place,
    @Nullable NamedServer server) {

  public BrowserSettings(boolean testFlags, int width, int height) {
    this(testFlags, width, height, null, null);
  }

  /** Somewhere else, where certificates are signed by whoever runs the test. */
  public BrowserSettings at(BrowserPlace other) {
    return new BrowserSettings(testFlags, width, height, other, server);
  }

  /** With a server that no name service knows, and whose certificate nobody else trusts. */
  public BrowserSettings knowing(NamedServer other) {
    return new BrowserSettings(testFlags, width, height, place, other);
  }

  /** For a test that is about the call and not about the browser. */
  public static BrowserSettings forTests() {
    return new BrowserSettings(true, 1280, 800);
  }

  /** No test flag but a fake microphone. */
  public static BrowserSettings newcomer() {
    return new BrowserSettings(false, 1280, 800);
  }
}
