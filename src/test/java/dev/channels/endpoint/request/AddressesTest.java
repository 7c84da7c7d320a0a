package dev.channels.endpoint.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressesTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "192.0.2.1:4711, 192.0.2.1",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:2::",
        "2001:DB8:0001:2::9, 2001:db8:1:2::",
        "[2001:db8::1]:4711, 2001:db8:0:0::",
        "[2001:db8::1, 2001:db8:0:0::",
        "::1, 0:0:0:0::",
        "::ffff:192.0.2.1, 192.0.2.1",
        "fe80::1%eth0, fe80:0:0:0::",
        "_hidden, _hidden",
        "unknown, unknown"
    })
    void whatCountsOfAnAddressIsItsNet(String address, String net) {
        assertThat(Addresses.net(address)).isEqualTo(net);
    }

    @ParameterizedTest
    @CsvSource({
        "false, '', '', 192.0.2.1",
        "false, '198.51.100.7', '', 192.0.2.1",
        "true, '', '', 192.0.2.1",
        "true, '198.51.100.7', '', 198.51.100.7",
        "true, '203.0.113.9, 198.51.100.7', '', 198.51.100.7",
        "true, '', 'for=203.0.113.9, for=198.51.100.7;proto=https', 198.51.100.7",
        "true, '203.0.113.9', 'proto=https;For=\"[2001:db8::1]:5\"', 2001:db8:0:0::"
    })
    void addressIsWhatTheNearestProxySaysWhereItIsTrusted(
            boolean trusted, String forwardedFor, String forwarded, String address) {
        FakeRequest request = FakeRequest.handshake("/");
        if (!forwardedFor.isEmpty()) {
            request.header("X-Forwarded-For", forwardedFor);
        }
        if (!forwarded.isEmpty()) {
            request.header("Forwarded", forwarded);
        }
        assertThat(new Addresses(trusted).of(request.request)).isEqualTo(address);
    }
}
