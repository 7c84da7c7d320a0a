package dev.channels.demo;

import dev.channels.event.ToChannel;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Reads a thermometer every second and fires the reading as an event of CDI, which becomes one of
 * the channel. The thermometer is simulated.
 */
@Singleton
@Startup
public class Thermometer {

    private static final double USUAL = 21;

    @Inject
    @ToChannel("ticks")
    private Event<Reading> readings;

    @Inject private Node node;

    private double celsius = USUAL;
    private double change;

    /** Called by the container. */
    @Schedule(hour = "*", minute = "*", second = "*", persistent = false)
    public void read() {
        double whim = ThreadLocalRandom.current().nextGaussian();
        change = 0.8 * change + 0.02 * (USUAL - celsius) + 0.12 * whim;
        celsius += change;
        readings.fire(new Reading(Instant.now(), Math.round(celsius * 100) / 100.0, node.name()));
    }
}
