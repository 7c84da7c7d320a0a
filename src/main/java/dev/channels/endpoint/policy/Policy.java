package dev.channels.endpoint.policy;

import java.util.List;

/**
 * What callers may do with the channels that its names or prefixes cover.
 *
 * @param channels names, and prefixes that end in {@code *}
 * @param subscribe who may subscribe
 * @param publish who may publish from a client
 * @param presence who may ask who is there; where nobody may, it is not kept
 * @param joinLeave whether subscribers are told who comes and goes
 * @param recover whether clients get positions and may resume
 */
public record Policy(
        List<String> channels,
        Access subscribe,
        Access publish,
        Access presence,
        boolean joinLeave,
        boolean recover) {

    /**
     * Tells whether it is kept who is there.
     *
     * @return whether somebody may ask for it, or is told of it
     */
    public boolean keepsPresence() {
        return joinLeave || presence.permitsAnybody();
    }

    /** Returns the same policy for others who publish. */
    Policy withPublish(Access others) {
        return new Policy(channels, subscribe, others, presence, joinLeave, recover);
    }

    /** Of channels under no policy. */
    static final Policy DEFAULT =
            new Policy(List.of(), Access.EVERYBODY, Access.NOBODY, Access.NOBODY, false, true);
}
