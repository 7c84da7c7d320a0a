package dev.channels.console;

import dev.channels.ChannelsStatistics;
import dev.channels.Position;
import dev.channels.Refusals;
import dev.channels.internal.task.Counters;
import dev.channels.spi.ChannelHistory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A node as a test wants it. */
final class FakeSource implements ConsoleSource {

    /** A channel that is followed. */
    record Followed(String name, int subscribers, long events, @Nullable Position reached) {}

    final List<String> declared = new ArrayList<>();
    final List<Followed> followed = new ArrayList<>();
    Optional<ChannelHistory> history = Optional.empty();
    int readings;

    @Override
    public NodeReading node() {
        ChannelsStatistics counted = new Counters().read(Refusals.NONE, 3, 2);
        return new NodeReading("memory", "open", true, 5, 6, 7, counted);
    }

    @Override
    public Collection<String> declared() {
        return declared;
    }

    @Override
    public void showChannels(Visitor visitor) {
        readings++;
        List.copyOf(followed)
                .forEach(
                        it ->
                                visitor.visit(
                                        it.name(), it.subscribers(), it.events(), it.reached()));
    }

    @Override
    public Optional<ChannelHistory> history() {
        return history;
    }

    @Override
    public CompletionStage<Boolean> forget(String channel) {
        return history.<CompletionStage<Boolean>>map(
                        kept -> kept.forget(channel).thenApply(forgotten -> true))
                .orElseGet(() -> CompletableFuture.completedFuture(false));
    }
}
