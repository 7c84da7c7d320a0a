package dev.channels.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsPlugin;
import dev.channels.Delivery;
import dev.channels.Gap;
import dev.channels.Subscriber;
import dev.channels.cdi.status.ApplicationStatus;
import dev.channels.cdi.status.ApplicationStatus.Phase;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is told of an application: to MicroProfile Health, where it is, and to JMX. */
class StatusTest {

    private static ApplicationStatus status(Deployment it) {
        return it.get(ChannelsExtension.class).application().status();
    }

    @BeforeEach
    void answer() {
        HealthCheckResponse.setResponseProvider(new HealthResponses());
    }

    @AfterEach
    void answerNoMore() {
        HealthCheckResponse.setResponseProvider(null);
    }

    private static HealthCheckResponse health(Deployment it) {
        return it.beans()
                .createInstance()
                .select(HealthCheck.class, Readiness.Literal.INSTANCE)
                .get()
                .call();
    }

    // ---- Health

    @Test
    void applicationThatRunsIsReadyUntilItsBrokerIsLostOrItStops() {
        ApplicationStatus status;
        try (Deployment it = Deployment.of("names=a")) {
            it.plugin().subscribe("a");
            status = status(it);
            HealthCheckResponse ready = health(it);
            assertThat(ready.getName()).isEqualTo("channels");
            assertThat(ready.getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
            assertThat(ready.getData().orElseThrow())
                    .containsAllEntriesOf(
                            Map.of(
                                    "phase",
                                    "open",
                                    "backend",
                                    "memory",
                                    "broker",
                                    "reachable",
                                    "connections",
                                    0L,
                                    "subscribers",
                                    1L,
                                    "waiting-publishes",
                                    0L));
            status.disconnected(null);
            assertThat(health(it).getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
            assertThat(health(it).getData().orElseThrow()).containsEntry("broker", "lost");
            status.reconnected();
            assertThat(health(it).getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
            status.enter(Phase.DRAINING);
            assertThat(health(it).getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
        }
        assertThat(status.phase()).isEqualTo(Phase.STOPPED);
    }

    @Test
    void applicationWithDoorsIsReadyWhenTheyAreOpen() {
        try (Deployment it = Deployment.of("names=a", "create-ws-route-handlers=true")) {
            assertThat(health(it).getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
            it.get(ChannelsExtension.class).application().opened("/app");
            assertThat(health(it).getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
        }
    }

    // ---- JMX

    @Test
    void applicationIsManagedUntilItStops() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = new ObjectName("dev.channels:type=Channels,application=\"/app\"");
        try (Deployment it = Deployment.of("names=a")) {
            it.get(ChannelsExtension.class).application().opened("/app");
            ChannelsPlugin plugin = it.plugin();
            plugin.subscribe("a");
            plugin.waitPublished("x", "a").toCompletableFuture().get(30, TimeUnit.SECONDS);
            Map<String, Object> expected =
                    Map.of(
                            "Phase",
                            "open",
                            "Backend",
                            "memory",
                            "BrokerUp",
                            true,
                            "Subscribers",
                            1,
                            "Published",
                            1L,
                            "Received",
                            1L,
                            "Dropped",
                            0L);
            for (Map.Entry<String, Object> attribute : expected.entrySet()) {
                assertThat(server.getAttribute(name, attribute.getKey()))
                        .as(attribute.getKey())
                        .isEqualTo(attribute.getValue());
            }
            assertThat(server.getMBeanInfo(name).getAttributes()).hasSize(16);
            Object known =
                    server.invoke(
                            name,
                            "disconnectClient",
                            new Object[] {"nobody"},
                            new String[] {String.class.getName()});
            assertThat(known).isEqualTo(false);
        }
        assertThat(server.isRegistered(name)).isFalse();
    }

    private static Object forget(String channel) throws Exception {
        return ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("dev.channels:type=Channels,application=\"/app\""),
                        "forgetChannel",
                        new Object[] {channel},
                        new String[] {String.class.getName()});
    }

    @Test
    void channelIsForgotten() throws Exception {
        try (Deployment it = Deployment.of("names=a,b", "memory.history=10")) {
            it.get(ChannelsExtension.class).application().opened("/app");
            ChannelsPlugin plugin = it.plugin();
            Subscriber follows = plugin.subscribe("a");
            plugin.waitPublished("x", "a").toCompletableFuture().get(30, TimeUnit.SECONDS);
            plugin.waitPublished("y", "b").toCompletableFuture().get(30, TimeUnit.SECONDS);
            assertThat(forget("a")).isEqualTo(true);
            assertThat(plugin.subscribe(List.of("a"), 10).backlogSize()).isZero();
            assertThat(plugin.subscribe(List.of("b"), 10).backlogSize()).isOne();
            plugin.waitPublished("z", "a").toCompletableFuture().get(30, TimeUnit.SECONDS);
            List<Delivery> stream = new ArrayList<>();
            for (Delivery next : follows.iterDeliveries()) {
                stream.add(next);
                if (next instanceof ChannelEvent event && event.text().equals("z")) {
                    break;
                }
            }
            assertThat(stream).filteredOn(Gap.class::isInstance).hasSize(1);
        }
    }

    @Test
    void whatCannotBeForgottenIsSaid() throws Exception {
        try (Deployment it = Deployment.of("names=a")) {
            it.get(ChannelsExtension.class).application().opened("/app");
            assertThat(forget("a")).as("no history is kept").isEqualTo(false);
            assertThatThrownBy(() -> forget("none"))
                    .hasCauseInstanceOf(IllegalStateException.class)
                    .rootCause()
                    .hasMessageContaining("'none'");
        }
    }
}
