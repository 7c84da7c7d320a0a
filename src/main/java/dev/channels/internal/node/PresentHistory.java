package dev.channels.internal.node;

import dev.channels.Position;
import dev.channels.spi.ChannelHistory;
import dev.channels.spi.HistorySlice;
import java.util.concurrent.CompletionStage;

/** The history of the life that a node has when it is asked. */
record PresentHistory(NodeLife life) implements ChannelHistory {

    @Override
    public CompletionStage<HistorySlice> last(String channel, int limit) {
        return life.running().history.fresh().last(channel, limit);
    }

    @Override
    public CompletionStage<HistorySlice> after(String channel, Position position, int limit) {
        return life.running().history.fresh().after(channel, position, limit);
    }

    @Override
    public CompletionStage<HistorySlice> before(String channel, Position position, int limit) {
        return life.running().history.fresh().before(channel, position, limit);
    }

    @Override
    public CompletionStage<Void> forget(String channel) {
        RunningNode running = life.running();
        return running.history.forget(channel).thenRun(() -> running.registry.forgetSeen(channel));
    }
}
