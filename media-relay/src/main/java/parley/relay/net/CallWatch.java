package parley.relay.net;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import parley.relay.LegOutcome;
import parley.relay.api.CallId;
import parley.relay.api.Curve;
import parley.relay.api.Fault;
import parley.relay.api.LegFigures;
import parley.relay.api.LegReport;
import parley.relay.api.LogContext;
import parley.relay.api.RelayCommand;
import parley.relay.api.RelayEvent;
import parley.relay.call.RelayPeer;
import parley.relay.ice.CandidatePair;
import parley.relay.quality.LegWatch;
import parley.relay.quality.Observation;
import parley.relay.quality.Surroundings;

/**
 * Looks once a second at every leg of a call, tells how they are when asked, and how each was when
 * it is over. Owned by its {@link HostedCall}.
 */
final class CallWatch {

  private static final Logger log = LoggerFactory.getLogger(CallWatch.class);

  private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

  private final CallId id;

  /** Every so many looks figures go into the metrics: often enough for who scrapes them. */
  private static final int SAMPLED = 10;

  private final LoopParts parts;
  private long nextNs = Long.MIN_VALUE;
  private int looks;

  CallWatch(CallId id, LoopParts parts) {
    this.id = id;
    this.parts = parts;
  }

  /** About every 20 ms. */
  void onTick(Collection<Seat> seats, long nowNs) {
    if (nextNs == Long.MIN_VALUE || nowNs - nextNs >= 0) {
      nextNs = nowNs + INTERVAL_NS;
      observe(seats, nowNs);
    }
  }

  /** How everybody is. */
  void report(Collection<Seat> seats, long nowNs) {
    List<LegReport> reports = new ArrayList<>(seats.size());
    for (Seat seat : seats) {
      if (seat.serving != null) {
        reports.add(report(seat, seat.serving, nowNs));
      }
    }
    parts.relay().events().accept(new RelayEvent.Reported(id, reports));
  }

  private LegReport report(Seat seat, Leg leg, long nowNs) {
    LegWatch watch = leg.meter().watch();
    Observation newest = watch.newest();
    if (newest == null) { // it began within this second
      Fault before = watch.fault();
      newest = leg.observe(nowNs);
      watch.observeLast(newest);
      parts.meter().trouble(before, watch.fault());
    }
    return watch.live(seat.id, seat.peer.info(), newest, path(leg));
  }

  /**
   * A leg is about to be closed.
   *
   * @param fault why; null: somebody wanted it
   */
  void ended(Leg leg, LegOutcome outcome, @Nullable Fault fault, String reason, long nowNs) {
    if (leg.state() == Leg.State.CLOSED) {
      return;
    }
    LegWatch watch = leg.meter().watch();
    Fault before = watch.fault();
    Observation last = leg.observe(nowNs);
    watch.observeLast(last);
    parts.meter().trouble(before, Fault.NONE);
    Seat seat = leg.seat();
    LegWatch.Ending ending = watch.ended(seat.id, seat.peer.info(), last, path(leg), fault, reason);
    LogContext.about(id, () -> log(leg, outcome, ending));
    parts.meter().told(ending.report().fault());
    parts.relay().events().accept(new RelayEvent.LegEnded(id, ending.report()));
  }

  /** An offer that came to nothing. */
  void refused(RelayCommand.Offer offer, String reason, long nowNs) {
    LegReport report = LegWatch.refused(offer.peer(), offer.info(), reason, nowNs);
    parts.meter().told(report.fault());
    parts.relay().events().accept(new RelayEvent.LegEnded(id, report));
  }

  private void observe(Collection<Seat> seats, long nowNs) {
    Presence presence = new Presence(parts.relay().config().loudest());
    for (Seat seat : seats) {
      if (seat.serving != null) {
        presence.add(seat.peer, seat.serving.meter().watch());
      }
    }
    looks++;
    for (Seat seat : seats) {
      observe(seat.serving, presence, nowNs);
      observe(seat.successor, presence, nowNs);
    }
  }

  private void observe(@Nullable Leg leg, Presence presence, long nowNs) {
    if (leg == null) {
      return;
    }
    LegWatch watch = leg.meter().watch();
    Fault before = watch.fault();
    if (watch.observe(leg.observe(nowNs), presence.around(leg.seat().peer))) {
      Fault now = watch.fault();
      boolean trouble = !now.isIntended() || !before.isIntended();
      LogContext.about(
          id,
          () ->
              log.atLevel(trouble ? Level.INFO : Level.DEBUG)
                  .log("leg {} {}, before {}", leg.name(), now.label(), before.label()));
      parts.meter().trouble(before, now);
    }
    if (looks % SAMPLED == 0) {
      sample(watch);
    }
  }

  private void sample(LegWatch watch) {
    Observation newest = watch.newest();
    Curve.Point quality = watch.quality();
    if (newest == null || quality == null) {
      return;
    }
    LegFigures figures = newest.figures();
    if (figures.up().packets() > 0) {
      parts.meter().ofLegs().up(quality.lossUpPercent(), figures.up().jitterMs(), quality.mosUp());
    }
    if (figures.down().reportAgeMs() >= 0) {
      LegFigures.Down down = figures.down();
      parts
          .meter()
          .ofLegs()
          .down(down.lossPercent(), down.jitterMs(), down.roundTripMs(), quality.mosDown());
    }
  }

  private static LegWatch.Path path(Leg leg) {
    CandidatePair pair = leg.path();
    return pair == null
        ? LegWatch.Path.NONE
        : new LegWatch.Path(text(pair.local()), text(pair.remote()), leg.kind().label());
  }

  private static String text(InetSocketAddress address) {
    String ip = address.getAddress().getHostAddress();
    return (ip.contains(":") ? "[" + ip + "]" : ip) + ":" + address.getPort();
  }

  private static void log(Leg leg, LegOutcome outcome, LegWatch.Ending ending) {
    LegReport report = ending.report();
    LegFigures figures = report.figures();
    LegFigures.Up up = figures.up();
    LegFigures.Down down = figures.down();
    CandidatePair pair = leg.path();
    log.info(
        "leg {} {} after {} s: {} [{}]; in {}, refused {}, muted {}, level {}, forwarded {},"
            + " lost {}, late {}, jitter {} ms; out {}, lost {}, jitter {} ms, round trip {} ms;"
            + " MOS up {}, down {}; {} checks, path {}",
        leg.name(),
        outcome.label(),
        report.ageMs() / 1000,
        ending.forLog(),
        report.fault().label(),
        figures.packetsIn(),
        figures.authenticationFailures(),
        up.muted() ? "yes" : "no",
        up.levelDbov() == LegFigures.NO_LEVEL ? "-" : up.levelDbov() + " dBov",
        up.forwarded(),
        up.lost(),
        up.late(),
        Math.round(up.jitterMs()),
        down.packets(),
        down.lost(),
        Math.round(down.jitterMs()),
        known(down.roundTripMs(), "%.0f"),
        known(report.mosUp(), "%.1f"),
        known(report.mosDown(), "%.1f"),
        figures.checks(),
        pair == null ? "-" : MaskedAddress.of(pair.remote()));
  }

  private static String known(double value, String format) {
    return value < 0 ? "-" : String.format(Locale.ROOT, format, value);
  }

  /** Who of a call is there to be heard, by contact. */
  private static final class Presence {
    private static final class Person {
      String name = "";
      boolean connected;
      boolean unmuted;
      boolean audible;
    }

    /** The largest of people's figures, and the largest of the figures of anybody else. */
    private static final class Worst {
      private @Nullable Person whose;
      private double most;
      private double next;

      void add(Person person, double value) {
        if (value <= most) {
          next = person == whose ? next : Math.max(next, value);
          return;
        }
        next = person == whose ? next : most;
        most = value;
        whose = person;
      }

      double beside(@Nullable Person self) {
        return self != null && self == whose ? next : most;
      }
    }

    private final Map<String, Person> people = new HashMap<>();
    private final int loudest;
    private int connected;
    private int unmuted;
    private int audible;
    private final Worst loss = new Worst();
    private final Worst jitter = new Worst();

    Presence(int loudest) {
      this.loudest = loudest;
    }

    void add(RelayPeer peer, LegWatch watch) {
      if (!peer.connected()) {
        return;
      }
      Person person = people.computeIfAbsent(peer.info().contact(), _ -> new Person());
      connected += person.connected ? 0 : 1;
      person.connected = true;
      person.name = peer.info().displayName();
      if (peer.muted() || !peer.offersMicrophone()) {
        return;
      }
      unmuted += person.unmuted ? 0 : 1;
      person.unmuted = true;
      loss.add(person, watch.lossHeardPercent());
      jitter.add(person, watch.jitterHeardMs());
      boolean heard =
          switch (watch.fault().effect()) {
            case NEITHER, UNHEARD -> false;
            case DEAF, HEARD_BADLY, HEARS_BADLY, BOTH_BADLY, NONE -> true;
          };
      if (heard) {
        audible += person.audible ? 0 : 1;
        person.audible = true;
      }
    }

    Surroundings around(RelayPeer peer) {
      Person self = people.get(peer.info().contact());
      int others = connected - (self == null ? 0 : 1);
      return new Surroundings(
          others,
          unmuted - (self != null && self.unmuted ? 1 : 0),
          audible - (self != null && self.audible ? 1 : 0),
          others == 1 ? nameOfOther(self) : "",
          loudest,
          loss.beside(self),
          jitter.beside(self));
    }

    private String nameOfOther(@Nullable Person self) {
      for (Person person : people.values()) {
        if (person != self) {
          return person.name;
        }
      }
      return "";
    }
  }
}
