package parley.load.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A small internet in network namespaces of this machine: hosts with public addresses, and hosts
 * behind NATs. It is gone when it is closed. Linux, root, and the programs ip and nft.
 */
public final class NetworkLab implements AutoCloseable {

  private static final AtomicInteger LABS = new AtomicInteger();

  private final String name;
  private final List<String> namespaces = new ArrayList<>();
  private final List<Host> hosts = new ArrayList<>();
  private int links;

  /** Whether there can be one here. */
  public static boolean isPossible() {
    return System.getProperty("user.name").equals("root")
        && Files.isDirectory(Path.of("/proc/self/ns"))
        && has("ip")
        && has("nft");
  }

  private static boolean has(String program) {
    return Stream.of("/usr/sbin", "/sbin", "/usr/bin", "/bin")
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  public NetworkLab() throws IOException, InterruptedException {
    name = "pl" + ProcessHandle.current().pid() + "x" + LABS.incrementAndGet();
    add(wan());
    in(wan(), "ip", "link", "add", "wan", "type", "bridge");
    in(wan(), "ip", "link", "set", "wan", "up");
  }

  private String wan() {
    return name + "wan";
  }

  /**
   * A host that all others reach.
   *
   * @param address in 203.0.113.0/24, or in 2001:db8::/64 for a host without IPv4
   */
  public Host publicHost(String address) throws IOException, InterruptedException {
    String namespace = add(name + "h" + links);
    plug(namespace, "eth0", address);
    return host(namespace, address);
  }

  /**
   * A host that reaches the others through a symmetric NAT of its own: each connection gets a
   * random port, and nothing comes in that was not asked for.
   *
   * @param outside the NAT's address, in 203.0.113.0/24
   * @param walls rules of nft(8) for what may get out through the NAT, like {@code udp dport 53
   *     drop}
   */
  public Host behindNat(String outside, String... walls) throws IOException, InterruptedException {
    String nat = add(name + "n" + links);
    String inside = add(name + "h" + links);
    plug(nat, "out", outside);
    veth(nat, inside, "eth0", "192.168.1");
    in(inside, "ip", "route", "add", "default", "via", "192.168.1.1");
    translate(nat, walls);
    return host(inside, "192.168.1.2");
  }

  private static void translate(String nat, String... walls)
      throws IOException, InterruptedException {
    in(nat, "sysctl", "-q", "-w", "net.ipv4.ip_forward=1");
    String rules =
        """
        table ip translation {
          chain out {
            type nat hook postrouting priority 100;
            oifname "out" masquerade random,fully-random
          }
        }
        table ip walls {
          chain through {
            type filter hook forward priority 0; policy accept;
            iifname "out" ct state new drop
            iifname "out" accept
            %s
          }
        }
        """
            .formatted(String.join("\n    ", walls));
    Path file = Files.createTempFile("parley-nat", ".nft");
    Files.writeString(file, rules);
    in(nat, "nft", "-f", file.toString());
    Files.delete(file);
  }

  /**
   * Gives a host behind a NAT a second way out, {@code eth1}, that it uses when the first is down;
   * what is sent from its address there goes that way in any case, as on a telephone.
   *
   * @param outside address of the NAT there, in 203.0.113.0/24
   */
  public void addMobileNetwork(Host host, String outside) throws IOException, InterruptedException {
    String nat = add(name + "n" + links);
    plug(nat, "out", outside);
    String inside = host.namespace();
    veth(nat, inside, "eth1", "192.168.2");
    in(inside, "ip", "route", "add", "default", "via", "192.168.2.1", "metric", "100");
    in(inside, "ip", "route", "add", "default", "via", "192.168.2.1", "table", "2");
    in(inside, "ip", "rule", "add", "from", "192.168.2.2", "table", "2");
    translate(nat);
  }

  /** Joins a NAT's inner side to a host. */
  private void veth(String nat, String inside, String device, String network)
      throws IOException, InterruptedException {
    String link = "l" + links;
    in(nat, "ip", "link", "add", "in", "type", "veth", "peer", "name", link);
    in(nat, "ip", "link", "set", link, "netns", inside, "name", device);
    in(nat, "ip", "address", "add", network + ".1/24", "dev", "in");
    in(nat, "ip", "link", "set", "in", "up");
    in(inside, "ip", "address", "add", network + ".2/24", "dev", device);
    in(inside, "ip", "link", "set", device, "up");
  }

  private Host host(String namespace, String address) {
    Host host = new Host(namespace, address);
    hosts.add(host);
    return host;
  }

  /** Connects a namespace to the internet. */
  private void plug(String namespace, String device, String address)
      throws IOException, InterruptedException {
    String port = "p" + ++links;
    in(wan(), "ip", "link", "add", port, "type", "veth", "peer", "name", "q" + links);
    in(wan(), "ip", "link", "set", "q" + links, "netns", namespace, "name", device);
    in(wan(), "ip", "link", "set", port, "master", "wan");
    in(wan(), "ip", "link", "set", port, "up");
    if (address.contains(":")) {
      in(namespace, "ip", "address", "add", address + "/64", "dev", device, "nodad");
    } else {
      in(namespace, "ip", "address", "add", address + "/24", "dev", device);
    }
    in(namespace, "ip", "link", "set", device, "up");
  }

  private String add(String namespace) throws IOException, InterruptedException {
    run("ip", "netns", "add", namespace);
    namespaces.add(namespace);
    in(namespace, "ip", "link", "set", "lo", "up");
    return namespace;
  }

  private static void in(String namespace, String... command)
      throws IOException, InterruptedException {
    List<String> whole = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
    Collections.addAll(whole, command);
    run(whole.toArray(String[]::new));
  }

  private static String run(String... command) throws IOException, InterruptedException {
    return run(
        new ProcessBuilder(command).redirectErrorStream(true).start(), String.join(" ", command));
  }

  static String run(Process process, String command) throws IOException, InterruptedException {
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(command + ": " + said.strip());
    }
    return said;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    hosts.forEach(Host::close);
    for (String namespace : namespaces.reversed()) {
      run("ip", "netns", "delete", namespace);
    }
  }
}
