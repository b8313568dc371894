package parley.signalling.cluster;

import java.util.ArrayList;
import java.util.List;

class LocalBusTest extends BusContract {

  private final LocalBus.Hub hub = new LocalBus.Hub(Thread::startVirtualThread);
  private final List<LocalBus> ends = new ArrayList<>();

  @Override
  Bus open() {
    var end = new LocalBus(hub);
    ends.add(end);
    return end;
  }

  @Override
  void outage() {
    ends.forEach(end -> end.up(false));
  }

  @Override
  void back() {
    ends.forEach(end -> end.up(true));
  }
}
