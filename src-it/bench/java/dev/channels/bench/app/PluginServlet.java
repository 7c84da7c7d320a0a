package dev.channels.bench.app;

import dev.channels.ChannelsPlugin;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;

/** Fan-out by the plugin. */
@WebServlet("/control")
public class PluginServlet extends ControlServlet {

    private static final long serialVersionUID = 1L;

    @Inject private transient ChannelsPlugin channels;

    @Override
    void publish(String text, String channel) {
        channels.publish(text, channel);
    }
}
