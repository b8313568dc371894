package parley.stun.doctor;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Clock, kernel, limits and disks. */
final class MachineChecks {

  /** As much as the media sockets ask for. */
  private static final long SOCKET_BUFFER_BYTES = 4 << 20;

  /** An hour of a hundred recorded people, and what else is on the disk. */
  private static final long LEAST_FREE_BYTES = 2L << 30;

  /** Time-limited credentials are good for minutes more; recordings are dated by this clock. */
  private static final Duration CLOCK_BAD = Duration.ofSeconds(30);

  private static final Duration CLOCK_ODD = Duration.ofSeconds(2);

  private static final int NTP_PORT = 123;
  private static final int NTP_BYTES = 48;
  private static final int NTP_CLIENT = 0x23; // version 4, client (RFC 5905 §7.3)
  private static final int NTP_RECEIVED_AT = 32;
  private static final int NTP_SENT_AT = 40;
  private static final long NTP_TO_UNIX_S = 2_208_988_800L;
  private static final int PATIENCE_MS = 2_000;

  /** A disk that takes longer than this for one sync falls behind the recordings. */
  private static final Duration SLOW_SYNC = Duration.ofMillis(250);

  private static final Set<String> OF_MEMORY = Set.of("tmpfs", "ramfs", "overlay", "aufs");
  private static final Set<String> OF_NETWORKS =
      Set.of("nfs", "nfs4", "cifs", "smb3", "fuse.sshfs");

  private final Installation installation;
  private final Path proc;

  /**
   * @param proc where the kernel tells of itself
   */
  MachineChecks(Installation installation, Path proc) {
    this.installation = installation;
    this.proc = proc;
  }

  List<Finding> run() {
    List<Finding> findings = new ArrayList<>();
    findings.add(clock());
    findings.add(socketBuffers());
    findings.add(openFiles());
    findings.add(relayPorts());
    findings.add(folder("recordings", "recording.directory", installation.recordings()));
    Path spool = installation.spool();
    if (spool != null) {
      findings.add(folder("webhook-spool", "webhooks.directory", spool));
    }
    return findings;
  }

  private Finding clock() {
    String check = "clock";
    if (installation.ntp().isEmpty()) {
      return Finding.skipped(check, "No time server is named (--ntp).");
    }
    Duration offset;
    try {
      offset = offset(installation.ntp());
    } catch (IOException e) {
      return Finding.skipped(
          check,
          "The time server %s does not answer (%s).".formatted(installation.ntp(), e.getMessage()));
    }
    double seconds = offset.toMillis() / 1000.0;
    String found =
        String.format(
            Locale.ROOT,
            "This machine's clock is %.1f s %s of %s.",
            Math.abs(seconds),
            seconds > 0 ? "behind" : "ahead",
            installation.ntp());
    String why =
        "Credentials for TURN, tokens and certificates are judged by it, and recordings are dated"
            + " by it.";
    String change = "Let chrony or systemd-timesyncd set it.";
    if (offset.abs().compareTo(CLOCK_BAD) > 0) {
      return Finding.wrong(check, found, why, change);
    }
    return offset.abs().compareTo(CLOCK_ODD) > 0
        ? Finding.warning(check, found, why, change)
        : Finding.ok(check, found);
  }

  /** RFC 4330 §5: how much this clock is behind. */
  private static Duration offset(String host) throws IOException {
    int colon = host.lastIndexOf(':');
    String name = colon < 0 ? host : host.substring(0, colon);
    int port = colon < 0 ? NTP_PORT : Integer.parseInt(host.substring(colon + 1));
    var server = new InetSocketAddress(name, port);
    if (server.isUnresolved()) {
      throw new IOException("the name is not known");
    }
    try (var socket = new DatagramSocket()) {
      socket.setSoTimeout(PATIENCE_MS);
      socket.connect(server);
      byte[] request = new byte[NTP_BYTES];
      request[0] = NTP_CLIENT;
      Instant asked = Instant.now();
      socket.send(new DatagramPacket(request, NTP_BYTES));
      var answer = new DatagramPacket(new byte[NTP_BYTES], NTP_BYTES);
      socket.receive(answer);
      Instant heard = Instant.now();
      ByteBuffer data = ByteBuffer.wrap(answer.getData());
      Duration there = Duration.between(asked, instant(data, NTP_RECEIVED_AT));
      Duration back = Duration.between(heard, instant(data, NTP_SENT_AT));
      return there.plus(back).dividedBy(2);
    }
  }

  private static Instant instant(ByteBuffer data, int at) {
    long seconds = Integer.toUnsignedLong(data.getInt(at)) - NTP_TO_UNIX_S;
    long fraction = Integer.toUnsignedLong(data.getInt(at + 4));
    return Instant.ofEpochSecond(seconds, (fraction * 1_000_000_000L) >>> 32);
  }

  /** The kernel's settings have to be read in one go, or their second half is lost. */
  private static String firstLine(Path file) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      String line = lines.readLine();
      return line == null ? "" : line.strip();
    }
  }

  private Finding socketBuffers() {
    String check = "socket-buffers";
    List<String> small = new ArrayList<>();
    for (String key : List.of("rmem_max", "wmem_max")) {
      try {
        long bytes = Long.parseLong(firstLine(proc.resolve("sys/net/core/" + key)));
        if (bytes < SOCKET_BUFFER_BYTES) {
          small.add("net.core." + key + " is " + bytes / 1024 + " KB");
        }
      } catch (IOException | NumberFormatException e) {
        return Finding.skipped(check, "The kernel does not say how large socket buffers may be.");
      }
    }
    return small.isEmpty()
        ? Finding.ok(check, "The kernel allows socket buffers of 4 MB.")
        : Finding.warning(
            check,
            String.join(" and ", small) + ", where 4096 KB are asked for.",
            "Bursts are lost when many talk at once.",
            "sysctl -w net.core.rmem_max=4194304 net.core.wmem_max=4194304, and write it to"
                + " /etc/sysctl.d.");
  }

  private Finding openFiles() {
    String check = "open-files";
    try {
      for (String line : Files.readAllLines(proc.resolve("self/limits"))) {
        if (line.startsWith("Max open files")) {
          String[] fields = line.split(" {2,}", -1);
          // The hard limit: the JVM raises its own up to there.
          String most = fields[2];
          long limit = most.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(most.strip());
          return limit >= installation.files()
              ? Finding.ok(check, "The limit of open files is " + most + ".")
              : Finding.wrong(
                  check,
                  "This process may open %d files, and a full house takes %d."
                      .formatted(limit, installation.files()),
                  "When they run out, nobody new can sign in or gets a relayed port.",
                  "Set LimitNOFILE in the systemd unit (or ulimit -n) to at least that.");
        }
      }
    } catch (IOException | NumberFormatException e) {
      // said below
    }
    return Finding.skipped(check, "The system does not say how many files may be open.");
  }

  private Finding relayPorts() {
    String check = "relay-ports";
    if (installation.firstRelayPort() == 0) {
      return Finding.skipped(check, "No TURN server of its own.");
    }
    try {
      String[] range =
          firstLine(proc.resolve("sys/net/ipv4/ip_local_port_range")).split("\\s+", -1);
      int first = Integer.parseInt(range[0]);
      int last = Integer.parseInt(range[1]);
      int media = installation.mediaPort();
      String ports = installation.firstRelayPort() + " to " + installation.lastRelayPort();
      if (media >= installation.firstRelayPort() && media <= installation.lastRelayPort()) {
        return Finding.wrong(
            check,
            "media.port %d lies within the TURN server's relay ports %s.".formatted(media, ports),
            "The two take ports from each other.",
            "Set turn.first_relay_port and turn.last_relay_port to a range without it.");
      }
      boolean overlap =
          first <= installation.lastRelayPort() && last >= installation.firstRelayPort();
      return overlap
          ? Finding.ok(
              check,
              "The relay ports %s overlap with those that the system gives to outgoing connections (%d to %d): a taken one is passed over."
                  .formatted(ports, first, last))
          : Finding.ok(check, "The relay ports " + ports + " are nobody else's.");
    } catch (IOException | NumberFormatException e) {
      return Finding.skipped(check, "The system does not say which ports it gives away.");
    }
  }

  private static Finding folder(String check, String key, Path folder) {
    Path there = folder;
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    try {
      FileStore store = Files.getFileStore(there);
      Duration sync = sync(there);
      long free = store.getUsableSpace();
      String what = "%s (%s) is on %s".formatted(key, folder, store.type());
      if (free < LEAST_FREE_BYTES) {
        return Finding.wrong(
            check,
            "%s with %d MB left.".formatted(what, free >> 20),
            "Recordings that have to be kept break off.",
            "Free space, or set %s to a larger disk.".formatted(key));
      }
      if (OF_MEMORY.contains(store.type())) {
        return Finding.warning(
            check,
            what + ", which is gone when the machine or the container ends.",
            "What was recorded is lost with it.",
            "Set %s to a disk, or mount a volume there.".formatted(key));
      }
      if (OF_NETWORKS.contains(store.type())) {
        return Finding.warning(
            check,
            what + ", which is a network's.",
            "A network that hangs holds up every recording.",
            "Set %s to a local disk, and copy from there.".formatted(key));
      }
      if (sync.compareTo(SLOW_SYNC) > 0) {
        return Finding.warning(
            check,
            "%s, and takes %d ms to put a page there for good.".formatted(what, sync.toMillis()),
            "Recordings of many people fall behind.",
            "Set %s to a faster disk.".formatted(key));
      }
      return Finding.ok(
          check, "%s with %d GB left and takes what is written.".formatted(what, free >> 30));
    } catch (IOException e) {
      return Finding.wrong(
          check,
          "%s (%s) cannot be written (%s).".formatted(key, folder, e.getMessage()),
          "Nothing can be recorded, and calls that have to be recorded cannot be held.",
          "Give this user the right to write there, or set %s to another folder.".formatted(key));
    }
  }

  private static Duration sync(Path folder) throws IOException {
    Path file = Files.createTempFile(folder, "doctor", ".tmp");
    long startNs = System.nanoTime();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(4096));
      channel.force(true);
      return Duration.ofNanos(System.nanoTime() - startNs);
    } finally {
      Files.delete(file);
    }
  }
}
