package dev.channels.endpoint.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginsTest {

    private static final Origins SAME = new Origins(List.of("same-origin"), false);
    private static final Origins TRUSTING = new Origins(List.of("same-origin"), true);

    private static FakeRequest from(String origin) {
        return FakeRequest.handshake("/sec/ws/good").header("Origin", origin);
    }

    private static boolean allows(Origins origins, FakeRequest fake) {
        return origins.allow(fake.request);
    }

    @Test
    void whatIsNoBrowserIsLetThrough() {
        assertThat(allows(SAME, FakeRequest.handshake("/sec/ws/good"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "same-origin, same-origin, true",
        "same-origin, none, true",
        "same-origin, same-site, false",
        "same-origin, cross-site, false",
        "same-origin, Cross-Site, false",
        "https://*.example.org, cross-site, false",
        "https://*.example.org, same-site, false",
        "https://*.example.org, same-origin, true",
        "*, cross-site, true",
    })
    void requestThatNoPageMayReadIsRefusedToOtherSites(
            String allowed, String site, boolean passes) {
        FakeRequest fake = FakeRequest.handshake("/sec/ws/good").header("Sec-Fetch-Site", site);
        assertThat(allows(new Origins(List.of(allowed), false), fake)).isEqualTo(passes);
    }

    @Test
    void originCountsMoreThanTheSite() {
        assertThat(
                        allows(
                                SAME,
                                from("http://app.example.org")
                                        .header("Sec-Fetch-Site", "same-site")))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://app.example.org",
                "http://APP.example.org",
                "http://app.example.org:80",
                "HTTP://app.example.org"
            })
    void sameOriginIsAllowed(String origin) {
        assertThat(allows(SAME, from(origin))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "",
                "https://app.example.org",
                "http://app.example.org:8080",
                "http://example.org",
                "http://evil.app.example.org",
                "http://app.example.org.evil.org",
                "http://app.example.org@evil.org",
                "app.example.org",
                "http://app.example.org/",
                "http://app.example.org http://evil.org",
                "file://"
            })
    void anyOtherOriginIsRefused(String origin) {
        assertThat(allows(SAME, from(origin))).isFalse();
    }

    @Test
    void twoOriginsAreRefused() {
        FakeRequest two = from("http://app.example.org").header("Origin", "http://app.example.org");
        assertThat(allows(SAME, two)).isFalse();
    }

    @Test
    void portOfTheHostCounts() {
        FakeRequest fake = from("https://app.example.org:8443").without("Host");
        fake.scheme = "https";
        assertThat(allows(SAME, fake)).as("no host").isFalse();
        fake.header("Host", "app.example.org:8443");
        assertThat(allows(SAME, fake)).isTrue();
        fake.without("Host").header("Host", "app.example.org:443");
        assertThat(allows(SAME, fake)).isFalse();
    }

    @Test
    void starAllowsAll() {
        assertThat(allows(new Origins(List.of("*"), false), from("null"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.example.org, true",
        "https://a.b.example.org, true",
        "https://A.EXAMPLE.ORG:443, true",
        "https://example.org, false",
        "https://.example.org, false",
        "https://evilexample.org, false",
        "http://a.example.org, false",
        "https://a.example.org:8443, false",
        "https://a.example.org.evil.org, false",
        "http://other.org:8080, true",
        "http://other.org, false",
        "http://app.example.org, false"
    })
    void listAllowsWhatItNames(String origin, boolean allowed) {
        Origins origins =
                new Origins(List.of("https://*.example.org", "http://OTHER.org:8080"), false);
        assertThat(allows(origins, from(origin))).isEqualTo(allowed);
    }

    @Test
    void headersOfAProxyCountOnlyWhereTheyAreTrusted() {
        FakeRequest fake =
                from("https://shop.example.org")
                        .header("X-Forwarded-Proto", "https, http")
                        .header("X-Forwarded-Host", "shop.example.org, inner");
        assertThat(allows(SAME, fake)).isFalse();
        assertThat(allows(TRUSTING, fake)).isTrue();
        assertThat(allows(TRUSTING, from("https://shop.example.org"))).isFalse();
    }

    @Test
    void forwardedIsReadBeforeTheOthers() {
        FakeRequest fake =
                from("https://shop.example.org:8443")
                        .header(
                                "Forwarded",
                                "for=192.0.2.1; Proto=https;host=\"shop.example.org:8443\", for=x")
                        .header("X-Forwarded-Host", "elsewhere");
        assertThat(allows(TRUSTING, fake)).isTrue();
    }

    @Test
    void forwardedPortIsThatOfTheHost() {
        FakeRequest fake =
                from("http://shop.example.org:8080")
                        .header("X-Forwarded-Host", "shop.example.org")
                        .header("X-Forwarded-Port", "8080");
        assertThat(allows(TRUSTING, fake)).isTrue();
    }
}
