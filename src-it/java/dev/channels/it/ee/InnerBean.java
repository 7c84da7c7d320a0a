package dev.channels.it.ee;

import dev.channels.ChannelsPlugin;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

@ApplicationScoped
public class InnerBean {

    @Inject private ChannelsPlugin channels;

    @Transactional(TxType.REQUIRES_NEW)
    public void inATransactionOfItsOwn(String channel) {
        channels.publish("inner-1", channel);
        channels.publish("inner-2", channel);
    }

    @Transactional(TxType.REQUIRED)
    public void joined(String channel) {
        channels.publish("joined", channel);
    }

    @Transactional(TxType.NOT_SUPPORTED)
    public void outside(String channel) {
        channels.publish("outside", channel);
    }
}
