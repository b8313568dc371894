package parley.relay.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FingerprintTest {

  @Test
  void readsWhatACertificateWrites() {
    DtlsCertificate certificate = DtlsCertificate.create();

    Fingerprint fingerprint =
        Objects.requireNonNull(Fingerprint.tryParse(certificate.fingerprint()));

    assertThat(fingerprint.sdpValue()).isEqualTo(certificate.fingerprint());
    assertThat(fingerprint.matches(certificate.der())).isTrue();
    assertThat(fingerprint.matches(DtlsCertificate.create().der())).isFalse();
  }

  @Test
  void ignoresCase() {
    String value = DtlsCertificate.create().fingerprint();

    assertThat(Fingerprint.tryParse(value.toLowerCase(Locale.ROOT)))
        .isEqualTo(Fingerprint.tryParse(value.toUpperCase(Locale.ROOT)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sha-256",
        "sha-256 AB",
        "sha-256 AB:CD extra",
        "sha-1 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB",
        "md5 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B",
        "sha-256 4AADB9B13F82183B540212DF3E5D496B19E57CAB4AADB9B13F82183B540212DF",
        "none 00"
      })
  void refusesWhatIsWeakOrMalformed(String value) {
    assertThat(Fingerprint.tryParse(value)).isNull();
  }
}
