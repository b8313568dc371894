package parley.stun.doctor;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Examines an installation from the machine that it runs on. */
public final class Doctor {

  private final Installation installation;
  private final Path proc;

  public Doctor(Installation installation) {
    this(installation, Path.of("/proc"));
  }

  Doctor(Installation installation, Path proc) {
    this.installation = installation;
    this.proc = proc;
  }

  /**
   * Takes up to a minute when much is wrong.
   *
   * @param told each finding, as soon as there is one
   */
  public List<Finding> examine(Consumer<Finding> told) {
    List<Finding> findings = new ArrayList<>();
    List<StandIn> standIns = new ArrayList<>();
    int port = installation.takenPort();
    try {
      for (InetAddress address : port == 0 ? List.<InetAddress>of() : installation.bound()) {
        StandIn standIn = StandIn.at(address, port);
        if (standIn != null) {
          standIns.add(standIn);
        }
      }
      add(findings, new AddressChecks(installation).run(), told);
      add(findings, List.of(name()), told);
      add(findings, List.of(new CertificateCheck(installation).run()), told);
      add(findings, new TurnChecks(installation, standIns.isEmpty()).run(), told);
      add(findings, new MachineChecks(installation, proc).run(), told);
      return findings;
    } finally {
      standIns.forEach(StandIn::close);
    }
  }

  private static void add(List<Finding> all, List<Finding> more, Consumer<Finding> told) {
    all.addAll(more);
    more.forEach(told);
  }

  /** Whether the node's name leads to an address that is its own. */
  private Finding name() {
    String check = "name";
    String name = installation.ownName();
    if (name.isEmpty()) {
      return Finding.skipped(check, "No name is set for the TURN server (turn.host).");
    }
    try {
      List<InetAddress> leads = List.of(InetAddress.getAllByName(name));
      List<InetAddress> own = new ArrayList<>(installation.told());
      own.addAll(installation.bound());
      if (leads.stream().noneMatch(own::contains)) {
        return Finding.wrong(
            check,
            "%s leads to %s, which is not this machine (%s)."
                .formatted(
                    name,
                    leads.getFirst().getHostAddress(),
                    installation.told().isEmpty()
                        ? "no address"
                        : installation.told().getFirst().getHostAddress()),
            "Clients look for the TURN server, and the certificate's owner, on another machine.",
            "Correct the name's record, or turn.host.");
      }
      return Finding.ok(check, name + " leads to this machine.");
    } catch (UnknownHostException e) {
      return Finding.wrong(
          check,
          "The name " + name + " (turn.host) is not known.",
          "Clients cannot find the TURN server.",
          "Make a record for it, or correct turn.host.");
    }
  }
}
