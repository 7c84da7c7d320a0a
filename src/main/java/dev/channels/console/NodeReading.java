package dev.channels.console;

import dev.channels.ChannelsStatistics;

/**
 * How a node stood at one moment.
 *
 * @param backend the name of the backend
 * @param phase where the application is in its life
 * @param brokerUp whether the broker can be reached
 * @param connections how many connections of clients are open, over all doors
 * @param waitingEvents how many events wait in the backlogs of all subscribers
 * @param waitingBytes how large they are
 * @param statistics the counters
 */
public record NodeReading(
        String backend,
        String phase,
        boolean brokerUp,
        int connections,
        long waitingEvents,
        long waitingBytes,
        ChannelsStatistics statistics) {}
