package dev.channels.cdi.event;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.ChannelsPlugin;
import dev.channels.Delivery;
import dev.channels.ErrorCode;
import dev.channels.EventSender;
import dev.channels.Gap;
import dev.channels.Joined;
import dev.channels.Position;
import dev.channels.Refused;
import dev.channels.Start;
import dev.channels.Subscription;
import dev.channels.UserChannels;
import dev.channels.cdi.event.FamilyState.Step;
import dev.channels.spi.ChannelDiscovery;
import dev.channels.spi.ChannelNames;
import dev.channels.spi.Log;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the channels of a family for one observer: one stream, which joins a channel when the
 * backend tells of it, and leaves it when nothing comes any more. {@link FamilyState} says what
 * follows from what, under a lock; it is done here, without one, in the order in which it was
 * decided.
 */
final class FamilyReader implements ChannelDiscovery.Watcher, EventSender {

    private static final long LOSSES_APART_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final String prefix;
    private final EventSender observer;
    private final LongSupplier clock;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final FamilyState state;

    /** How often somebody wanted the steps to be done, since they were done last. */
    private final AtomicInteger wanted = new AtomicInteger();

    /** When events were lost that were told of last. */
    private final AtomicLong lossToldAt;

    /** How many channels have lost events since then. */
    private final AtomicInteger lossesUntold = new AtomicInteger();

    private volatile boolean ended;
    private volatile @Nullable Subscription subscription;

    /**
     * Makes a reader that reads nothing yet.
     *
     * @param prefix what the names of the channels begin with
     * @param bounds what it may keep
     * @param observer is handed the events
     * @param clock tells the time in nanoseconds
     */
    FamilyReader(
            String prefix, FamilyState.Bounds bounds, EventSender observer, LongSupplier clock) {
        this.prefix = prefix;
        this.state = new FamilyState(bounds);
        this.observer = observer;
        this.clock = clock;
        this.lossToldAt = new AtomicLong(clock.getAsLong() - LOSSES_APART_NANOS);
    }

    /** Begins to read. The stream ends with the plugin. */
    void start(ChannelsPlugin plugin, ChannelDiscovery discovery) {
        subscription = plugin.openSubscription(this);
        var unused =
                watch(discovery)
                        .exceptionally(
                                failure -> {
                                    Log.warn(
                                            ErrorCode.CONSUMER_FAILED,
                                            "The "
                                                    + observer
                                                    + " gets no events: the backend"
                                                    + " does not tell of channels",
                                            failure);
                                    return null;
                                });
    }

    private CompletionStage<Void> watch(ChannelDiscovery discovery) {
        try {
            return discovery.watch(prefix, this);
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    // ---- What is published

    @Override
    public void published(String channel, Position before) {
        // The nodes, and users, have channels of their own, which belong to no other family.
        if (ended || (UserChannels.contains(channel) && !UserChannels.contains(prefix))) {
            return;
        }
        boolean kept;
        synchronized (lock) {
            kept = state.told(channel, before, clock.getAsLong());
        }
        if (!kept) {
            warnOfLoss(channel, "too many channels wait until there is room for them");
        }
        takeSteps();
    }

    private void warnOfLoss(String channel, String why) {
        long now = clock.getAsLong();
        long before = lossToldAt.get();
        if (now - before < LOSSES_APART_NANOS || !lossToldAt.compareAndSet(before, now)) {
            lossesUntold.incrementAndGet();
            return;
        }
        int untold = lossesUntold.getAndSet(0);
        Log.warn(
                ErrorCode.GAP,
                "Events of '"
                        + ChannelNames.printable(channel)
                        + "' are lost to the "
                        + observer
                        + ": "
                        + why
                        + ". That has happened "
                        + untold
                        + " times since it was told last, and is not told again for a minute.",
                null);
    }

    /** Who wants it while another thread is at it leaves it to that one. */
    private void takeSteps() {
        if (wanted.getAndIncrement() != 0) {
            return;
        }
        int done = 1;
        do {
            for (Step step = next(); step != null; step = next()) {
                take(step);
            }
            done = wanted.addAndGet(-done);
        } while (done != 0);
    }

    private @Nullable Step next() {
        synchronized (lock) {
            return state.next();
        }
    }

    private void take(Step step) {
        Subscription stream = subscription;
        if (stream == null || ended) {
            return;
        }
        try {
            if (step.after() == null) {
                stream.leave(step.channel());
            } else {
                stream.join(Start.after(step.after()), step.channel());
            }
        } catch (ChannelsException e) {
            refused(step.channel(), e);
        }
    }

    private void refused(String channel, ChannelsException reason) {
        synchronized (lock) {
            state.refused(channel, clock.getAsLong());
        }
        if (reason.errorCode() != ErrorCode.NOT_RUNNING) {
            warnOfLoss(channel, "the channel cannot be joined: " + reason.getMessage());
        }
    }

    // ---- What comes

    @Override
    public void send(Delivery delivery, Completion completion) throws Exception {
        if (delivery instanceof ChannelEvent event) {
            boolean isNew;
            synchronized (lock) {
                isNew = state.came(event.channel(), event.position(), clock.getAsLong());
            }
            takeSteps();
            if (isNew) {
                observer.send(event, completion);
            } else {
                completion.sent();
            }
            return;
        }
        note(delivery);
        takeSteps();
        completion.sent();
    }

    private void note(Delivery delivery) {
        long now = clock.getAsLong();
        if (delivery instanceof Joined joined) {
            synchronized (lock) {
                state.joined(joined, now);
            }
            if (!joined.complete()) {
                warnOfLoss(joined.channel(), "the broker no longer has them");
            }
        } else if (delivery instanceof Gap gap) {
            synchronized (lock) {
                state.lost(gap.channel(), now);
            }
        } else if (delivery instanceof Refused refused) {
            refused(refused.channel(), refused.reason());
        }
    }

    @Override
    public void ended(@Nullable Throwable failure) {
        ended = true;
        observer.ended(failure);
    }

    @Override
    public void abandoned() {
        observer.abandoned();
    }

    /** Names the observer in what is logged of it. */
    @Override
    public String toString() {
        return observer.toString();
    }
}
