package dev.channels.endpoint.request;

import org.jspecify.annotations.Nullable;

/** A way in for clients, as the filter in front of it sees it. */
public interface Door {

    /**
     * Tells where a handshake goes. Asked about ambiguous paths too; it is refused if any reading
     * of one leads here.
     *
     * @param path of the request
     * @return what the path leads to, {@link Target#NOWHERE} if this door would take it and nothing
     *     is there, or null if it is not for this door
     */
    @Nullable Target targetOf(RequestPath path);
}
