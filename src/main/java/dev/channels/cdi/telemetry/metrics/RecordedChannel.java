package dev.channels.cdi.telemetry.metrics;

import dev.channels.cdi.telemetry.EventCounts;
import org.eclipse.microprofile.metrics.Timer;
import org.jspecify.annotations.Nullable;

/**
 * What is recorded of one channel, or of all that are not named.
 *
 * @param accepted times publishes that the broker has accepted
 * @param failed times the other ones
 * @param fannedOut times the way to the mailboxes
 * @param counts counts events; null where the statistics do, since no channel is named
 */
record RecordedChannel(
        Timer accepted, Timer failed, Timer fannedOut, @Nullable EventCounts counts) {}
