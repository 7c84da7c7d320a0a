package dev.channels.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.SendMode;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointPathsTest {

    private static EndpointPaths paths(boolean anyChannel, String... channels) {
        return new EndpointPaths(
                new EndpointSettings("/ws/", Set.of(channels), anyChannel, 0, SendMode.TEXT, 100));
    }

    @Test
    void plainNameHasAnExactPath() {
        EndpointPaths paths = paths(false, "ticks");
        assertThat(paths.exact()).containsOnlyKeys("/ws/ticks").containsValue("ticks");
        assertThat(paths.template()).isEmpty();
    }

    @Test
    void nameThatNeedsEncodingSharesTheTemplate() {
        EndpointPaths paths = paths(false, "ticks", "with blank", "café");
        assertThat(paths.exact()).containsOnlyKeys("/ws/ticks");
        assertThat(paths.template()).contains("/ws/{channel}");
    }

    @Test
    void familySharesTheTemplateAndMisspeltNamesAreUnknown() {
        EndpointPaths paths = paths(false, "orders", "order-*");
        assertThat(paths.exact()).containsOnlyKeys("/ws/orders");
        assertThat(paths.template()).contains("/ws/{channel}");
        assertThat(paths.isUnknown("/ws/order-1")).isFalse();
        assertThat(paths.isUnknown("/ws/ordre-1")).isTrue();
        assertThat(paths.isUnknown("/ws/order-%3F")).isTrue();
    }

    @Test
    void anyChannelHasOneTemplate() {
        EndpointPaths paths = paths(true, "ticks");
        assertThat(paths.exact()).isEmpty();
        assertThat(paths.template()).contains("/ws/{channel}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ws/ticks",
                "/ws/with%20blank",
                "/ws/a+b",
                "/ws/a%2Bb",
                "/other",
                "/ws/x/y"
            })
    void pathOfAChannelOrOfNobodyIsLetThrough(String path) {
        assertThat(paths(false, "ticks", "with blank", "a+b").isUnknown(path)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ws/tocks", "/ws/TICKS", "/ws/ticks%20", "/ws/%zz", "/ws/"})
    void pathOfNoChannelIsUnknown(String path) {
        assertThat(paths(false, "ticks", "with blank").isUnknown(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ws/a%2Fb",
                "/ws/%01",
                "/ws/a%3Fb",
                "/ws/a%23b",
                "/ws/a%5Cb",
                "/ws/..",
                "/ws/"
            })
    void nameThatNoPathCanCarryIsUnknownWhereAnyIsAllowed(String path) {
        assertThat(paths(true).isUnknown(path)).isTrue();
        assertThat(paths(true).isUnknown("/ws/anything")).isFalse();
    }
}
