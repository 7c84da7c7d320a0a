package dev.channels.internal.node;

import dev.channels.Position;
import org.jspecify.annotations.Nullable;

/** Is shown the channels of a node, one after another. */
public interface ChannelVisitor {

    /**
     * Is shown a channel that has subscribers on this node.
     *
     * @param name its name
     * @param subscribers how many there are now, about
     * @param events how many events came to this node since it follows the channel
     * @param reached the position of the last one; null if none came yet
     */
    void visit(String name, int subscribers, long events, @Nullable Position reached);
}
