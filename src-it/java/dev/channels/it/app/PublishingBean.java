package dev.channels.it.app;

import dev.channels.ChannelsPlugin;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

@ApplicationScoped
public class PublishingBean {

    @Inject private ChannelsPlugin channels;

    public void publish(String channel, String data) {
        channels.publish(data, channel);
    }
}
