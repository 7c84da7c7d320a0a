package dev.channels.client.stream;

/** One channel of a connection, as its stream sees it. Used by the thread that sends. */
sealed interface SubscribedChannel permits AwaitedChannel, LiveChannel {

    /** Returns whether the application subscribed the client. */
    boolean isServerSide();

    /** Returns the id of the command that has no answer yet, or 0. */
    long unanswered();
}
