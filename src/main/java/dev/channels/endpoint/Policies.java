package dev.channels.endpoint;

import dev.channels.UserChannels;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds the policy of a channel: that of its exact name, or else of the longest prefix. Names are
 * compared as they are: case and Unicode form count, as they do for channels.
 *
 * <p>Immutable.
 */
public final class Policies {

    private final Map<String, Policy> names = new HashMap<>();
    private final TreeMap<String, Policy> prefixes = new TreeMap<>();
    private final Set<String> roles = new TreeSet<>();

    /**
     * Makes the collection.
     *
     * @param policies no two of them with the same name or prefix
     */
    public Policies(Collection<Policy> policies) {
        for (Policy policy : policies) {
            for (String channel : policy.channels()) {
                if (channel.endsWith("*")) {
                    prefixes.put(channel.substring(0, channel.length() - 1), policy);
                } else {
                    names.put(channel, policy);
                }
            }
            for (Access access : List.of(policy.subscribe(), policy.publish(), policy.presence())) {
                if (access.asksForRoles()) {
                    roles.addAll(access.words());
                }
            }
        }
        roles.remove("**");
    }

    /**
     * Returns the policy of a channel. Clients may publish to the channels of users only where a
     * policy names those: a name or prefix that begins with {@code #}.
     *
     * @param channel its name
     * @return the one that decides, or the default one
     */
    public Policy of(String channel) {
        Policy exact = names.get(channel);
        if (exact != null) {
            return exact;
        }
        for (Map.Entry<String, Policy> near = prefixes.floorEntry(channel);
                near != null;
                near = prefixes.lowerEntry(near.getKey())) {
            if (channel.startsWith(near.getKey())) {
                Policy policy = near.getValue();
                // "*" is not written with the thought that clients write to each other's channels.
                boolean meansAll = near.getKey().isEmpty();
                return meansAll && UserChannels.contains(channel)
                        ? policy.withPublish(Access.NOBODY)
                        : policy;
            }
        }
        return Policy.DEFAULT;
    }

    /** Returns the roles that a policy names, to be asked for at the handshake. */
    Set<String> roles() {
        return roles;
    }
}
