package parley.relay.net;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate that TLS clients see, read again when its files change. What cannot be read
 * leaves the one in use in place.
 */
final class ServerCertificate {

  private static final Logger log = LoggerFactory.getLogger(ServerCertificate.class);

  /** HTTP, and TURN as RFC 7443 names it; who names none of them is told apart afterwards. */
  private static final ApplicationProtocolConfig PROTOCOLS =
      new ApplicationProtocolConfig(
          ApplicationProtocolConfig.Protocol.ALPN,
          ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
          ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
          "http/1.1",
          "stun.turn");

  /**
   * Those with forward secrecy and authenticated encryption, as RFC 9325 (BCP 195) wants; the last
   * two are the ones that RFC 8489 §6.2.3 names.
   */
  private static final List<String> CIPHERS =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256");

  private final Path chain;
  private final Path key;
  private volatile SslContext context;
  private volatile FileTime chainTime;
  private volatile FileTime keyTime;

  /**
   * @param chain PEM, the server's own first
   * @param key PEM, PKCS#8, no pass phrase
   * @throws PortUnavailable with a sentence
   */
  ServerCertificate(Path chain, Path key) {
    this.chain = chain;
    this.key = key;
    try {
      chainTime = Files.getLastModifiedTime(chain);
      keyTime = Files.getLastModifiedTime(key);
      context = read();
    } catch (IOException | IllegalArgumentException e) {
      throw new PortUnavailable(
          "The certificate %s with the key %s cannot be used for TLS (%s): both have to be PEM files, the key unencrypted PKCS#8 (BEGIN PRIVATE KEY)."
              .formatted(chain, key, reason(e)),
          e);
    }
  }

  private static String reason(Exception e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return String.valueOf(cause.getMessage());
  }

  private SslContext read() throws SSLException {
    return SslContextBuilder.forServer(chain.toFile(), key.toFile())
        .protocols("TLSv1.3", "TLSv1.2")
        .ciphers(CIPHERS)
        .applicationProtocolConfig(PROTOCOLS)
        .build();
  }

  /** Handshakes compute beside the loop, on virtual threads: they would hold relayed packets up. */
  SslHandler handler(ByteBufAllocator allocator) {
    Executor beside = task -> Thread.ofVirtual().name("tls").start(task);
    SslHandler handler = context.newHandler(allocator, beside);
    // A record a message, as coturn's own client expects; gathered, they would cost it some.
    handler.setWrapDataSize(0);
    return handler;
  }

  SslContext inUse() {
    return context;
  }

  /** Reads the files again if they changed. Any thread that may wait for a disk. */
  void refresh() {
    try {
      FileTime newChain = Files.getLastModifiedTime(chain);
      FileTime newKey = Files.getLastModifiedTime(key);
      if (newChain.equals(chainTime) && newKey.equals(keyTime)) {
        return;
      }
      chainTime = newChain;
      keyTime = newKey;
      context = read();
      log.info("the TLS certificate was read again");
    } catch (IOException | IllegalArgumentException e) {
      log.warn("the new TLS certificate cannot be used, the old one stays: {}", reason(e));
    }
  }
}
