package dev.channels.demo;

import dev.channels.ChannelsPlugin;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/** Reads a thermometer every second and publishes the reading. The thermometer is simulated. */
@Singleton
@Startup
public class Thermometer {

    private static final double USUAL = 21;

    @Inject private ChannelsPlugin channels;

    private double celsius = USUAL;
    private double change;

    /** Called by the container. */
    @Schedule(hour = "*", minute = "*", second = "*", persistent = false)
    public void read() {
        double whim = ThreadLocalRandom.current().nextGaussian();
        change = 0.8 * change + 0.02 * (USUAL - celsius) + 0.12 * whim;
        celsius += change;
        channels.publish(new Reading(Instant.now(), Math.round(celsius * 100) / 100.0), "ticks");
    }
}
