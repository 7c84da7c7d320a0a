package dev.channels.internal.node;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.EventPublisher;
import dev.channels.internal.publish.JoinedTransactions;
import dev.channels.internal.publish.PublishLane;
import dev.channels.internal.publish.Transactions;
import dev.channels.internal.task.Counters;
import dev.channels.internal.task.Tracing;
import dev.channels.spi.ChannelNames;
import dev.channels.spi.Headers;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Checks and encodes what is to be published, and hands it to the lane. */
final class NodePublisher implements EventPublisher {

    private final NodeLife life;
    private final DeclaredChannels declared;
    private final PayloadEncoder encoder;
    private final Handover handover;
    private final Counters counters;

    /** Hands a publish to the lane. */
    @FunctionalInterface
    interface Handover {

        /** As {@link PublishLane#publish}, now or with a transaction. */
        void publish(
                PublishLane lane,
                byte[] payload,
                Map<String, String> headers,
                Set<String> channels,
                @Nullable CompletableFuture<Void> promise);

        /** Waits for the commit of a transaction. */
        static Handover afterCommit(Transactions transactions) {
            return (lane, payload, headers, channels, promise) ->
                    lane.publishAfterCommit(transactions, payload, headers, channels, promise);
        }

        /** Lets a transaction publish by itself. */
        static Handover byTransaction(JoinedTransactions transactions) {
            return (lane, payload, headers, channels, promise) ->
                    lane.publishByTransaction(transactions, payload, headers, channels, promise);
        }
    }

    /**
     * Makes a publisher.
     *
     * @param handover how the lane gets what is published
     * @param counters know who follows events
     */
    NodePublisher(
            NodeLife life,
            DeclaredChannels declared,
            PayloadEncoder encoder,
            Handover handover,
            Counters counters) {
        this.counters = counters;
        this.life = life;
        this.declared = declared;
        this.encoder = encoder;
        this.handover = handover;
    }

    @Override
    public void publish(Object data, String... channels) {
        if (channels.length == 1) {
            accept(life.running(), data, Map.of(), declared.require(channels[0]), null);
        } else {
            publish(data, List.of(channels));
        }
    }

    @Override
    public void publish(Object data, Collection<String> channels) {
        publish(data, Map.of(), channels);
    }

    @Override
    public void publish(Object data, Map<String, String> headers, Collection<String> channels) {
        accept(life.running(), data, headers, declared.require(channels), null);
    }

    @Override
    public CompletionStage<Void> waitPublished(
            Object data, Map<String, String> headers, Collection<String> channels) {
        CompletableFuture<Void> promise = new CompletableFuture<>();
        accept(life.running(), data, headers, declared.require(channels), promise);
        return promise.minimalCompletionStage();
    }

    private void accept(
            RunningNode current,
            Object data,
            Map<String, String> headers,
            Set<String> channels,
            @Nullable CompletableFuture<Void> promise) {
        if (data == null) {
            throw new ChannelsException(
                    ErrorCode.NOT_ENCODABLE,
                    "The data of a publish to "
                            + ChannelNames.printable(channels)
                            + " is null. Publish an empty text or array if you mean no data.");
        }
        Map<String, String> kept = Map.of();
        if (!headers.isEmpty()) {
            // Refuses what breaks the rule here, where the caller is.
            Headers.encode(headers);
            kept = Map.copyOf(headers);
        }
        byte[] payload = encoder.encode(data);
        Tracing tracing = counters.tracing();
        if (tracing == Tracing.NONE) {
            handover.publish(current.lane, payload, kept, channels, promise);
        } else {
            follow(tracing, current.lane, payload, kept, channels, promise);
        }
    }

    private void follow(
            Tracing tracing,
            PublishLane lane,
            byte[] payload,
            Map<String, String> headers,
            Set<String> channels,
            @Nullable CompletableFuture<Void> promise) {
        Tracing.Publish publish = tracing.publishing(channels, headers);
        CompletableFuture<Void> settled = promise == null ? new CompletableFuture<>() : promise;
        try {
            handover.publish(lane, payload, publish.headers(), channels, settled);
        } catch (Throwable e) {
            publish.step().ended(e);
            throw e;
        }
        var unused = settled.whenComplete((v, failure) -> publish.step().ended(failure));
    }
}
