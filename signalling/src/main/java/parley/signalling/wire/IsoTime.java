package parley.signalling.wire;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * A moment as the protocol writes it: RFC 3339, UTC, exactly six fractional digits, {@code Z}.
 *
 * @param instant cut to microseconds, so that equal times are written equally
 */
public record IsoTime(Instant instant) {

  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  public IsoTime {
    instant = instant.truncatedTo(ChronoUnit.MICROS);
  }

  @Override
  @JsonValue
  public String toString() {
    return FORMAT.format(instant);
  }
}
