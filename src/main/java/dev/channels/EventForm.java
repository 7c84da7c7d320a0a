package dev.channels;

/**
 * A form in which an event leaves this node: its text, a frame that holds it. An event makes each
 * form at most once, whoever asks first, and shares it with all subscribers.
 *
 * <p>Forms are told apart by identity: keep each in a constant.
 *
 * @param <T> the type of the form; immutable, or never changed
 */
@FunctionalInterface
public interface EventForm<T> {

    /**
     * Makes the form of an event.
     *
     * @param event the event
     * @return the form; what is thrown instead reaches the caller, and the next one tries again
     */
    T of(ChannelEvent event);
}
