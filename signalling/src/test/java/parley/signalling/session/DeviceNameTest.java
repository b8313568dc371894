package parley.signalling.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceNameTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0 | Firefox on Linux | false
          Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36 | Chrome on Windows | false
          Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/156.0 Safari/537.36 Edg/156.0 | Edge on Windows | false
          Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605 Version/26.0 Mobile/15E Safari/604.1 | Safari on iPhone | true
          Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/156.0 Mobile Safari/537.36 | Chrome on Android | true
          ChatDesktop/3.2 (Windows) | ChatDesktop | false
          '' | (unknown device) | false
          """)
  void saysWhatPeopleCallTheDevice(String useragent, String name, boolean mobile) {
    assertThat(DeviceName.of(useragent)).isEqualTo(name);
    assertThat(DeviceName.mobile(useragent)).isEqualTo(mobile);
  }
}
