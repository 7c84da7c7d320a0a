package dev.channels.cdi;

import dev.channels.ChannelsPlugin;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;

/** Exposes the plugin to the application. */
class ChannelsProducer {

    @Produces
    @ApplicationScoped
    ChannelsPlugin plugin(ChannelsExtension extension) {
        return extension.application().plugin();
    }
}
