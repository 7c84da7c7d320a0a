package dev.channels.it.ee;

import dev.channels.ChannelsPlugin;
import jakarta.annotation.Resource;
import jakarta.ejb.Singleton;
import jakarta.ejb.Timeout;
import jakarta.ejb.Timer;
import jakarta.ejb.TimerConfig;
import jakarta.ejb.TimerService;
import jakarta.inject.Inject;

/** Publishes from a timer, in its transaction. */
@Singleton
public class CommittingTimer {

    @Inject private ChannelsPlugin channels;
    @Resource private TimerService timers;

    public void begin(String channel) {
        timers.createSingleActionTimer(1, new TimerConfig(channel, false));
    }

    @Timeout
    void ring(Timer timer) {
        channels.publish("1", (String) timer.getInfo());
        channels.publish("2", (String) timer.getInfo());
    }
}
