package parley.signalling.app;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps any metric from having more series than a store of metrics likes, whatever its labels: what
 * comes beyond is not counted, and said once.
 */
final class SeriesLimit implements MeterFilter {

  private static final Logger log = LoggerFactory.getLogger(SeriesLimit.class);

  /** A media loop each on the largest machine; labels that name reasons have some thirty values. */
  static final int MAX_SERIES = 256;

  private final Map<String, Set<Meter.Id>> series = new ConcurrentHashMap<>();
  private final Set<String> full = ConcurrentHashMap.newKeySet();

  @Override
  public MeterFilterReply accept(Meter.Id id) {
    Set<Meter.Id> known = series.computeIfAbsent(id.getName(), _ -> ConcurrentHashMap.newKeySet());
    if (known.contains(id)) {
      return MeterFilterReply.NEUTRAL;
    }
    if (known.size() >= MAX_SERIES) {
      if (full.add(id.getName())) {
        log.warn("{} has {} series: no more are kept", id.getName(), MAX_SERIES);
      }
      return MeterFilterReply.DENY;
    }
    known.add(id);
    return MeterFilterReply.NEUTRAL;
  }
}
