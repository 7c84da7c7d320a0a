package dev.channels.it.custom;

import dev.channels.Backlog;
import dev.channels.ChannelEvent;
import dev.channels.OfferResult;
import dev.channels.Subscriber;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what it is offered, and does not want to be stopped. */
public class StubbornSubscriber extends Subscriber {

    static final AtomicInteger OFFERED = new AtomicInteger();

    public StubbornSubscriber(Backlog backlog) {
        super(backlog);
    }

    @Override
    protected void offered(ChannelEvent event, OfferResult result) {
        OFFERED.incrementAndGet();
    }

    @Override
    public void stop(boolean join) {
        throw new IllegalStateException("I go on");
    }
}
