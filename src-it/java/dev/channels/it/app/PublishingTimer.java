package dev.channels.it.app;

import dev.channels.ChannelsPlugin;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.inject.Inject;
import java.util.concurrent.atomic.AtomicInteger;

/** Publishes from the first moment of the application on, before it serves requests. */
@Singleton
@Startup
public class PublishingTimer {

    private final AtomicInteger beats = new AtomicInteger();

    @Inject private ChannelsPlugin channels;

    @PostConstruct
    void begin() {
        channels.publish("started", "startup");
    }

    @Schedule(hour = "*", minute = "*", second = "*", persistent = false)
    void beat() {
        channels.publish("beat " + beats.incrementAndGet(), "timer");
    }
}
