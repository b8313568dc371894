package parley.load.run;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.load.bench.media.Leg;
import parley.load.bench.media.RemoteEnd;
import parley.load.impair.ImpairmentProxy;
import parley.load.scenario.NetworkPlan;

/** The networks between people and the server: none, or an impairment proxy for each media port. */
final class Networks implements AutoCloseable {

  private static final String PROXY_ADDRESS = "127.0.0.1";

  private record Way(int network, int address, int port) {}

  private final List<NetworkPlan> plans;
  private final long seed;
  private final Map<Way, ImpairmentProxy> proxies = new HashMap<>();

  Networks(List<NetworkPlan> plans, long seed) {
    this.plans = plans;
    this.seed = seed;
  }

  /**
   * Which network somebody has.
   *
   * @param die from 0 to 1
   * @return an index of the plans; −1: a good one
   */
  int draw(double die) {
    double sum = 0;
    for (int i = 0; i < plans.size(); i++) {
      sum += plans.get(i).sharePercent() / 100;
      if (die < sum) {
        return i;
      }
    }
    return -1;
  }

  /** Where to send to instead. */
  synchronized RemoteEnd through(int network, RemoteEnd end) {
    if (network < 0) {
      return end;
    }
    ImpairmentProxy proxy =
        proxies.computeIfAbsent(
            new Way(network, end.address(), end.port()),
            way -> {
              ImpairmentProxy made =
                  new ImpairmentProxy(
                      new InetSocketAddress(RemoteEnd.text(end.address()), end.port()),
                      seed + proxies.size());
              made.impair(plans.get(network).impairment());
              return made;
            });
    return new RemoteEnd(
        end.ufrag(),
        end.password(),
        end.fingerprint(),
        RemoteEnd.number(PROXY_ADDRESS),
        proxy.port());
  }

  /** This leg is gone. */
  void forget(int network, @Nullable Leg leg) {
    if (network >= 0 && leg != null) {
      List<ImpairmentProxy> all;
      synchronized (this) {
        all = new ArrayList<>(proxies.values());
      }
      InetSocketAddress client = new InetSocketAddress(leg.localAddress(), leg.localPort());
      all.forEach(proxy -> proxy.forget(client));
    }
  }

  @Override
  public synchronized void close() {
    proxies.values().forEach(ImpairmentProxy::close);
  }
}
