package dev.channels.cdi.messaging;

import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.spi.IncomingConnectorFactory;
import org.eclipse.microprofile.reactive.messaging.spi.OutgoingConnectorFactory;
import org.eclipse.microprofile.reactive.streams.operators.PublisherBuilder;
import org.eclipse.microprofile.reactive.streams.operators.ReactiveStreams;
import org.eclipse.microprofile.reactive.streams.operators.SubscriberBuilder;

/**
 * Connects channels of Reactive Messaging with channels of ours. What the configuration says of
 * them was read, and checked, when the plugin started.
 */
final class ChannelsConnector implements IncomingConnectorFactory, OutgoingConnectorFactory {

    private final MessagingChannels channels;

    ChannelsConnector(MessagingChannels channels) {
        this.channels = channels;
    }

    @Override
    public PublisherBuilder<? extends Message<?>> getPublisherBuilder(Config config) {
        return ReactiveStreams.fromPublisher(new IncomingEvents(nameIn(config), channels));
    }

    @Override
    public SubscriberBuilder<? extends Message<?>, Void> getSubscriberBuilder(Config config) {
        return ReactiveStreams.<Message<?>>fromSubscriber(
                new OutgoingMessages(nameIn(config), channels));
    }

    private static String nameIn(Config config) {
        return config.getValue(CHANNEL_NAME_ATTRIBUTE, String.class);
    }
}
