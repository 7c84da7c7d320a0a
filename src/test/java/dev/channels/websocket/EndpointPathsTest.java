package dev.channels.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.SendMode;
import dev.channels.endpoint.request.RequestPath;
import dev.channels.endpoint.request.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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
        assertThat(target(paths, "/ws/order-1")).isNotIn(null, Target.NOWHERE);
        assertThat(target(paths, "/ws/ordre-1")).isEqualTo(Target.NOWHERE);
        assertThat(target(paths, "/ws/order-?")).isEqualTo(Target.NOWHERE);
    }

    @Test
    void anyChannelHasOneTemplate() {
        EndpointPaths paths = paths(true, "ticks");
        assertThat(paths.exact()).isEmpty();
        assertThat(paths.template()).contains("/ws/{channel}");
    }

    private static RequestPath path(List<String> segments, boolean slash, boolean plain) {
        return new RequestPath(segments, segments, slash, plain);
    }

    private static @Nullable Target target(EndpointPaths paths, String path) {
        List<String> segments = Arrays.stream(path.split("/")).filter(s -> !s.isEmpty()).toList();
        return paths.targetOf(path(segments, path.endsWith("/"), true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ticks", "with blank", "a+b"})
    void pathOfAChannelLeadsToIt(String channel) {
        EndpointPaths paths = paths(false, "ticks", "with blank", "a+b");
        assertThat(target(paths, "/ws/" + channel)).isEqualTo(new Target("plain", channel));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/other", "/ws", "/", "/ws/x/y", "/wsx/ticks"})
    void pathElsewhereIsNotOurs(String path) {
        assertThat(target(paths(false, "ticks", "with blank"), path)).isNull();
        assertThat(target(paths(true), path)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ws/tocks", "/ws/TICKS", "/ws/ticks ", "/ws/"})
    void templateLeadsToNothingForWhatIsNoChannel(String path) {
        assertThat(target(paths(false, "ticks", "with blank"), path)).isEqualTo(Target.NOWHERE);
    }

    @Test
    void withoutATemplateTheServerSaysWhatIsThere() {
        assertThat(target(paths(false, "ticks"), "/ws/tocks")).isNull();
        RequestPath ambiguous = path(List.of("ws", "tocks"), false, false);
        assertThat(paths(false, "ticks").targetOf(ambiguous)).isEqualTo(Target.NOWHERE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a?b", "a#b", "#alice", "a\\b", "..", ".", "\n"})
    void nameThatNoPathCanCarryLeadsToNothingWhereAnyIsAllowed(String name) {
        assertThat(paths(true).targetOf(path(List.of("ws", name), false, true)))
                .isEqualTo(Target.NOWHERE);
        assertThat(target(paths(true), "/ws/anything")).isEqualTo(new Target("plain", "anything"));
    }
}
