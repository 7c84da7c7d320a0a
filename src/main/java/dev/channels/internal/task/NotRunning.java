package dev.channels.internal.task;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;

/** What is said to who calls a node that is not running. */
public final class NotRunning {

    private NotRunning() {}

    /**
     * Makes the exception.
     *
     * @return one with {@link ErrorCode#NOT_RUNNING}
     */
    public static ChannelsException exception() {
        return new ChannelsException(
                ErrorCode.NOT_RUNNING,
                "The plugin is not running: it was not started yet, or the application is stopping.");
    }
}
