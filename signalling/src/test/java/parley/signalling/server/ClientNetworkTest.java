package parley.signalling.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose request it is, as limits count it. */
class ClientNetworkTest {

  private static final List<AddressRange> PROXIES =
      List.of(AddressRange.parse("127.0.0.1"), AddressRange.parse("10.0.0.0/8"));

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      delimiter = '|',
      value = {
        // peer | X-Forwarded-For | network
        "192.0.2.1            | -                              | c0000201",
        "192.0.2.1            | 198.51.100.7                   | c0000201", // who is not believed
        "2001:db8:1:2:3:4:5:6 | -                              | 20010db800010002",
        "2001:db8:1:2::9      | -                              | 20010db800010002",
        "::ffff:192.0.2.1     | -                              | c0000201",
        "127.0.0.1            | -                              | -",
        "127.0.0.1            | 192.0.2.1                      | c0000201",
        "127.0.0.1            | 192.0.2.1:4711                 | c0000201",
        "127.0.0.1            | [2001:db8:1:2::9]:4711         | 20010db800010002",
        "127.0.0.1            | 2001:db8:1:2::9                | 20010db800010002",
        "127.0.0.1            | 198.51.100.7, 192.0.2.1        | c0000201", // the first is made up
        "127.0.0.1            | 198.51.100.7,192.0.2.1,10.1.2.3 | c0000201",
        "127.0.0.1            | 10.1.2.3                       | -",
        "127.0.0.1            | 192.0.2.1, unknown             | -",
        "127.0.0.1            | 192.0.2.1,                     | c0000201",
        "127.0.0.1            | localhost                      | -",
      })
  void isToldByThoseWhoAreBelieved(
      String peer, @Nullable String forwarded, @Nullable String network) {
    List<String> fields = forwarded == null ? List.of() : List.of(forwarded);
    assertThat(ClientNetwork.of(peer, fields, PROXIES)).isEqualTo(network);
  }

  @Test
  void isTheOneThatTheLastProxyHeardFromWhereverTheFieldsAreSplit() {
    List<String> fields = List.of("198.51.100.7", "192.0.2.1, 10.1.2.3");
    assertThat(ClientNetwork.of("10.9.9.9", fields, PROXIES)).isEqualTo("c0000201");
    assertThat(ClientNetwork.of("10.9.9.9", List.of("10.0.0.1,".repeat(10_000)), PROXIES)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "proxy.example", "10.0.0.0/33", "10.0.0.0/-1", "::1/129", "1.2.3", "/8"})
  void takesNoRangeThatIsNone(String text) {
    assertThatThrownBy(() -> AddressRange.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("right would be like");
  }

  @Test
  void comparesTheBitsThatCount() {
    AddressRange range = AddressRange.parse("192.0.2.128/25");
    assertThat(range.contains(AddressRange.parse("192.0.2.255").first())).isTrue();
    assertThat(range.contains(AddressRange.parse("192.0.2.127").first())).isFalse();
    assertThat(range.contains(AddressRange.parse("::1").first())).isFalse();
    assertThat(AddressRange.parse("::/0").contains(AddressRange.parse("::1").first())).isTrue();
  }
}
