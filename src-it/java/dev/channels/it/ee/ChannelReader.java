package dev.channels.it.ee;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsPlugin;
import dev.channels.Subscriber;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Tells what was published to a channel up to now. */
@ApplicationScoped
public class ChannelReader {

    @Inject private ChannelsPlugin channels;

    public String texts(String channel) {
        return events(channel).stream().map(ChannelEvent::text).collect(Collectors.joining(" "));
    }

    /** Returns the headers of the first event. */
    public Map<String, String> headers(String channel) {
        return events(channel).get(0).headers();
    }

    /** The last one is that of this call. */
    private List<ChannelEvent> events(String channel) {
        channels.atOnce().waitPublished("end", channel).toCompletableFuture().join();
        Subscriber subscriber = channels.subscribe(List.of(channel), -1);
        channels.unsubscribe(subscriber);
        List<ChannelEvent> events = new ArrayList<>();
        subscriber.iterEvents().forEach(events::add);
        return events;
    }
}
