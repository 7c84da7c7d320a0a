package dev.channels.it.app;

import dev.channels.ChannelsPlugin;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;

@Stateless
public class PublishingStateless {

    @Inject private ChannelsPlugin channels;

    public void publish(String channel, String data) {
        channels.publish(data, channel);
    }
}
