package dev.channels.it.ee;

import dev.channels.ChannelsPlugin;
import jakarta.annotation.Resource;
import jakarta.ejb.SessionContext;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;

@Stateless
public class TransactionalStateless {

    @Inject private ChannelsPlugin channels;
    @Resource private SessionContext context;

    public void publish(String channel, boolean fail) {
        channels.publish("1", channel);
        channels.publish("2", channel);
        if (fail) {
            context.setRollbackOnly();
            channels.publish("3", channel);
        }
    }
}
