package dev.channels;

import java.time.Instant;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The identity behind a client: who the container has authenticated at the handshake, or who a
 * {@link ClientAuthenticator} takes it for. Immutable.
 *
 * @param name the name, at most 200 characters; empty for an anonymous caller
 * @param groups the groups or roles that it is known to be in; of the container's roles those that
 *     policies name
 * @param expiry when the identity ends, and with it the connection; null for never
 * @param info JSON that other clients may see of it, in presence, joins and leaves; null for
 *     nothing
 */
public record Caller(
        String name, Set<String> groups, @Nullable Instant expiry, @Nullable String info) {

    /** Nobody in particular. */
    public static final Caller ANONYMOUS = new Caller("", Set.of(), null, null);

    private static final String ANYBODY = "**";
    private static final int MAX_NAME = 200;

    /**
     * Makes a caller.
     *
     * @param name the name
     * @param groups the groups or roles
     * @param expiry when the identity ends, or null
     * @param info what other clients may see of it, or null
     * @throws IllegalArgumentException if the name is too long, or has control characters or
     *     unpaired surrogates, which cannot be told to others
     * @throws NullPointerException if there is no name, not even an empty one, or no groups
     */
    public Caller {
        Objects.requireNonNull(name, "A caller without a name has an empty one");
        if (!isPrintable(name)) {
            throw new IllegalArgumentException(
                    "A caller's name has neither control characters nor unpaired surrogates");
        }
        if (name.length() > MAX_NAME) {
            throw new IllegalArgumentException("A caller's name has at most 200 characters");
        }
        groups = Set.copyOf(groups);
    }

    private static boolean isPrintable(String name) {
        return name.codePoints()
                .noneMatch(c -> Character.isISOControl(c) || (c >= 0xD800 && c <= 0xDFFF));
    }

    /**
     * Returns a caller with a name and nothing else.
     *
     * @param name not empty
     * @return the caller
     */
    public static Caller named(String name) {
        return new Caller(Objects.requireNonNull(name), Set.of(), null, null);
    }

    /**
     * Returns the same caller in other groups.
     *
     * @param others in the place of those it has
     * @return the caller
     */
    public Caller withGroups(Collection<String> others) {
        return new Caller(name, Set.copyOf(others), expiry, info);
    }

    /**
     * Returns the same caller with another expiry.
     *
     * @param end when the identity ends; null for never
     * @return the caller
     */
    public Caller withExpiry(@Nullable Instant end) {
        return new Caller(name, groups, end, info);
    }

    /**
     * Returns the same caller with another info.
     *
     * @param json what others may see of it; null for nothing
     * @return the caller
     */
    public Caller withInfo(@Nullable String json) {
        return new Caller(name, groups, expiry, json);
    }

    /**
     * Tells whether nobody knows who this is.
     *
     * @return true if it has no name
     */
    public boolean isAnonymous() {
        return name.isEmpty();
    }

    /**
     * Tells whether the caller is in a group.
     *
     * @param group its name; {@code **} for any caller who is not anonymous
     * @return whether it is
     */
    public boolean isIn(String group) {
        return group.equals(ANYBODY) ? !isAnonymous() : groups.contains(group);
    }
}
