package dev.channels.endpoint.policy;

import dev.channels.Caller;
import java.util.List;

/**
 * Which callers may do something.
 *
 * @param words {@code permit-all}, {@code deny-all}, or roles, {@code **} being anybody who is
 *     authenticated (the words of Jakarta Security)
 */
public record Access(List<String> words) {

    static final Access EVERYBODY = new Access(List.of("permit-all"));
    public static final Access NOBODY = new Access(List.of("deny-all"));

    /**
     * Tells whether a caller is among them.
     *
     * @param caller anybody
     * @return whether it may
     */
    public boolean permits(Caller caller) {
        if (says(EVERYBODY)) {
            return true;
        }
        return !says(NOBODY) && words.stream().anyMatch(caller::isIn);
    }

    /** Tells whether there is any caller that may. */
    boolean permitsAnybody() {
        return !says(NOBODY);
    }

    /** Tells whether it matters who the caller is. */
    public boolean asksForRoles() {
        return !says(EVERYBODY) && !says(NOBODY);
    }

    /** Not the method that a record is given: see {@link dev.channels.Position#equals}. */
    private boolean says(Access other) {
        return words.equals(other.words);
    }
}
