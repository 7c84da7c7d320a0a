package dev.channels.it.ee;

import dev.channels.ChannelsPlugin;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;

@ApplicationScoped
public class TransactionalBean {

    @Inject private ChannelsPlugin channels;
    @Inject private InnerBean inner;

    @Transactional
    public void publish(String channel, boolean fail) {
        channels.publish("1", channel);
        channels.atOnce().publish("at-once", channel);
        channels.publish("2", channel);
        failIf(fail);
    }

    @Transactional
    public void aroundInner(String channel, boolean fail) {
        channels.publish("outer-1", channel);
        inner.inATransactionOfItsOwn(channel);
        inner.joined(channel);
        inner.outside(channel);
        channels.publish("outer-2", channel);
        failIf(fail);
    }

    private static void failIf(boolean fail) {
        if (fail) {
            throw new IllegalStateException("rolls back");
        }
    }
}
