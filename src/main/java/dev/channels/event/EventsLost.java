package dev.channels.event;

/**
 * Events of a channel were lost to this node: the broker no longer had them when the node came back
 * for them.
 *
 * @param channel the channel
 */
public record EventsLost(String channel) implements LifeEvent {}
