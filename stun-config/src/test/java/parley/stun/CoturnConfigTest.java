package parley.stun;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CoturnConfigTest {

  private static CoturnConfig config(String certificate, List<String> secrets) {
    return new CoturnConfig(
        3478,
        5349,
        certificate,
        "key.pem",
        List.of("10.0.0.5"),
        List.of("203.0.113.9"),
        49_152,
        65_535,
        "parley",
        List.of("me:mine"),
        secrets,
        100,
        0,
        List.of("10.1.0.0-10.1.255.255"),
        List.of("10.0.0.0-10.255.255.255", "168.63.129.16"),
        true);
  }

  @Test
  void saysTheSameInCoturnsWords() {
    assertThat(config("chain.pem", List.of("north wind")).text().lines())
        .contains(
            "listening-port=3478",
            "tls-listening-port=5349",
            "cert=chain.pem",
            "pkey=key.pem",
            "listening-ip=10.0.0.5",
            "relay-ip=10.0.0.5",
            "external-ip=203.0.113.9",
            "min-port=49152",
            "max-port=65535",
            "realm=parley",
            "use-auth-secret",
            "static-auth-secret=north wind",
            "user-quota=100",
            "denied-peer-ip=10.0.0.0-10.255.255.255",
            "denied-peer-ip=168.63.129.16",
            "allowed-peer-ip=10.1.0.0-10.1.255.255",
            "mobility")
        .doesNotContain("lt-cred-mech", "user=me:mine", "no-tls");
  }

  @Test
  void hasUsersWhereThereAreNoSecretsAndNoTlsWithoutACertificate() {
    assertThat(config("", List.of()).text().lines())
        .contains("lt-cred-mech", "user=me:mine", "no-tls")
        .doesNotContain("use-auth-secret");
  }
}
