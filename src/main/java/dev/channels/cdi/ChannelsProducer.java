package dev.channels.cdi;

import dev.channels.ChannelsPlugin;
import dev.channels.ClientConnections;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;

/** Exposes the plugin, and who is connected, to the application. */
class ChannelsProducer {

    @Produces
    @ApplicationScoped
    ChannelsPlugin plugin(ChannelsExtension extension) {
        return extension.application().plugin();
    }

    @Produces
    @ApplicationScoped
    ClientConnections clients(ChannelsExtension extension) {
        return extension.application().clients();
    }
}
