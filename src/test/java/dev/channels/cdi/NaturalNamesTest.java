package dev.channels.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.ChannelsPlugin;
import dev.channels.ErrorCode;
import dev.channels.EventReader;
import dev.channels.Subscriber;
import dev.channels.test.Threads;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The names that Java has for what the model of this library calls otherwise. */
class NaturalNamesTest {

    @Test
    void publishAsyncTellsWhenTheBrokerHasAcceptedTheEvent() throws Exception {
        try (Deployment it = Deployment.of("names=a,b", "memory.history=10")) {
            ChannelsPlugin plugin = it.plugin();
            plugin.publishAsync("1", "a", "b").toCompletableFuture().get(30, TimeUnit.SECONDS);
            plugin.publishAsync("2", Map.of("by", "test"), List.of("a"))
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
            try (Subscriber late = plugin.subscribe(List.of("a"), 10)) {
                assertThat(late.backlogSize()).isEqualTo(2);
            }
            assertThatThrownBy(() -> plugin.publishAsync("3", "none"))
                    .isInstanceOf(ChannelsException.class);
        }
    }

    /** What is published, and read. */
    public record Price(String name, double value) {}

    @Test
    void eventIsReadAsWhatWasPublished() throws Exception {
        try (Deployment it = Deployment.of("names=a");
                Subscriber subscriber = it.plugin().subscribe("a")) {
            EventReader reader = it.get(EventReader.class);
            it.plugin().publish(new Price("x", 1.5), "a");
            ChannelEvent event = subscriber.poll(Threads.PATIENCE);
            assertThat(reader.read(event, Price.class)).isEqualTo(new Price("x", 1.5));
            assertThat(reader.read(event, String.class)).isEqualTo(event.text());
            assertThat(reader.read(event, byte[].class)).isEqualTo(event.data());
            assertThatThrownBy(() -> reader.read(event, Integer.class))
                    .isInstanceOfSatisfying(
                            ChannelsException.class,
                            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.NOT_READABLE))
                    .hasMessageContaining("java.lang.Integer");
        }
    }

    @Test
    void subscriberEndsWithItsBlock() {
        try (Deployment it = Deployment.of("names=a")) {
            try (Subscriber subscriber = it.plugin().subscribe("a")) {
                assertThat(it.plugin().statistics().subscribers()).isEqualTo(1);
                assertThat(subscriber.isRunning()).isFalse();
            }
            assertThat(it.plugin().statistics().subscribers()).isZero();
        }
    }
}
