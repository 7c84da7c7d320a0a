package dev.channels.event;

/**
 * What happens to the channels of this node, as an event of CDI, for observers of one of its kinds
 * or of all of them:
 *
 * <pre>
 *   void gone(&#64;ObservesAsync ClientDisconnected event) { … }
 * </pre>
 *
 * <p>Fired asynchronously, in the order of what happened, on a managed thread with the context of
 * the application; to {@code @ObservesAsync} only, and only where there is such an observer. What
 * observers do not keep up with is left out, ten thousand events behind, and logged. Immutable.
 */
public sealed interface LifeEvent
        permits BrokerBack,
                BrokerLost,
                ClientConnected,
                ClientDisconnected,
                ClientSubscribed,
                ClientUnsubscribed,
                EventsLost {}
