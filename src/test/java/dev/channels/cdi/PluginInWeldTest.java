package dev.channels.cdi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsPlugin;
import dev.channels.Subscriber;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jboss.weld.junit5.EnableWeld;
import org.jboss.weld.junit5.WeldInitiator;
import org.jboss.weld.junit5.WeldSetup;
import org.junit.jupiter.api.Test;

/**
 * What a user's own test looks like: the bean under test, the extension, and the memory backend.
 */
@EnableWeld
class PluginInWeldTest {

    @ApplicationScoped
    static class Newsroom {
        @Inject ChannelsPlugin channels;

        void announce(String headline) {
            channels.publish(headline, "news");
        }
    }

    @WeldSetup
    WeldInitiator weld =
            WeldInitiator.from(
                            WeldInitiator.createWeld()
                                    .addExtension(new ChannelsExtension())
                                    .beanClasses(Newsroom.class))
                    .build();

    @Inject Newsroom newsroom;
    @Inject ChannelsPlugin channels;

    @Test
    void beanPublishesToSubscriber() throws Exception {
        Subscriber subscriber = channels.subscribe("news");
        newsroom.announce("foo");
        newsroom.announce("bar");
        channels.waitPublished("baz", "news").toCompletableFuture().get(10, TimeUnit.SECONDS);
        channels.unsubscribe(subscriber);

        List<String> headlines = new ArrayList<>();
        for (ChannelEvent event : subscriber.iterEvents()) {
            headlines.add(event.text());
        }
        assertThat(headlines).containsExactly("foo", "bar", "baz");
    }
}
