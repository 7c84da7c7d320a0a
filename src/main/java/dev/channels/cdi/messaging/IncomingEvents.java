package dev.channels.cdi.messaging;

import org.eclipse.microprofile.reactive.messaging.Message;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;

/** The events of a channel as messages: each who subscribes has a stream of his own. */
final class IncomingEvents implements Publisher<Message<?>> {

    private final String name;
    private final MessagingChannels channels;

    /**
     * Makes the events.
     *
     * @param name of the channel of Reactive Messaging
     */
    IncomingEvents(String name, MessagingChannels channels) {
        this.name = name;
        this.channels = channels;
    }

    @Override
    public void subscribe(Subscriber<? super Message<?>> subscriber) {
        IncomingStream stream = new IncomingStream(name, subscriber);
        subscriber.onSubscribe(stream);
        channels.onceInitialized(stream::begin);
    }
}
