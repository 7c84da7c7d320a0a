package dev.channels.it.ee;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsPlugin;
import dev.channels.Subscriber;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;

/** Tells what was published to a channel up to now. */
@ApplicationScoped
public class ChannelReader {

    @Inject private ChannelsPlugin channels;

    public String texts(String channel) {
        channels.atOnce().waitPublished("end", channel).toCompletableFuture().join();
        Subscriber subscriber = channels.subscribe(List.of(channel), -1);
        channels.unsubscribe(subscriber);
        List<String> texts = new ArrayList<>();
        for (ChannelEvent event : subscriber.iterEvents()) {
            texts.add(event.text());
        }
        return String.join(" ", texts);
    }
}
