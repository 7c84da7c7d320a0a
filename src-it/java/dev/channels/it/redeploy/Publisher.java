package dev.channels.it.redeploy;

import dev.channels.ChannelsException;
import dev.channels.ChannelsPlugin;
import jakarta.inject.Inject;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import java.util.concurrent.locks.LockSupport;

/**
 * Publishes from the beginning of the application until it is told that the plugin is stopping, and
 * leaves a note of the application's class loader.
 */
@WebListener
public class Publisher implements ServletContextListener {

    @Inject private ChannelsPlugin channels;

    @Override
    public void contextInitialized(ServletContextEvent event) {
        Loaders.note(Publisher.class.getClassLoader());
        Thread thread = new Thread(this::publish, "publisher");
        thread.setDaemon(true);
        thread.start();
    }

    private void publish() {
        try {
            for (int i = 0; ; i++) {
                channels.publish("tick " + i, "ticks");
                LockSupport.parkNanos(1_000_000);
            }
        } catch (ChannelsException e) {
            // The application is stopping.
            return;
        }
    }
}
