package dev.channels.demo;

import dev.channels.ChannelsPlugin;
import dev.channels.Subscriber;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.inject.Inject;
import java.time.Duration;

/**
 * Reads the ticks at a fifth of the pace at which they come, for a minute. It falls behind, and
 * holds up nobody.
 */
@Singleton
public class SlowReader {

    private static final int READS = 12;

    @Inject private ChannelsPlugin channels;

    private Subscriber reader;
    private int left;

    /** Begins to read, unless it does so already. */
    public void begin() {
        if (reader == null) {
            reader = channels.subscribe("ticks");
            left = READS;
        }
    }

    /** Called by the container. */
    @Schedule(hour = "*", minute = "*", second = "*/5", persistent = false)
    public void read() {
        if (reader == null) {
            return;
        }
        reader.poll(Duration.ZERO);
        left--;
        if (left == 0) {
            channels.unsubscribe(reader);
            reader = null;
        }
    }

    /**
     * Tells how far it is behind.
     *
     * @return how many events wait for it; negative if it does not read
     */
    public int behind() {
        return reader == null ? -1 : reader.backlogSize();
    }
}
