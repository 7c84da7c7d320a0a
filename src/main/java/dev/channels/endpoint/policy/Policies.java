package dev.channels.endpoint.policy;

import dev.channels.UserChannels;
import dev.channels.spi.ChannelRules;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the policy of a channel, as {@link ChannelRules} do: that of its exact name, or else of the
 * longest prefix.
 *
 * <p>Immutable.
 */
public final class Policies {

    private static final String ALL = "*";

    private final ChannelRules<Policy> rules;
    private final ChannelRules<Policy> named;
    private final Set<String> roles = new TreeSet<>();

    /**
     * Makes the collection.
     *
     * @param policies no two of them with the same name or prefix
     */
    public Policies(Collection<Policy> policies) {
        rules = ChannelRules.of(policies, Policy::channels);
        named = ChannelRules.of(policies, Policies::named);
        for (Policy policy : policies) {
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
        Policy policy = rules.of(channel, Policy.DEFAULT);
        if (!UserChannels.contains(channel)) {
            return policy;
        }
        // "*" is not written with the thought that clients write to each other's channels.
        return named.of(channel, policy.withPublish(Access.NOBODY));
    }

    private static List<String> named(Policy policy) {
        return policy.channels().stream().filter(channel -> !channel.equals(ALL)).toList();
    }

    /** Returns the roles that a policy names, to be asked for at the handshake. */
    public Set<String> roles() {
        return roles;
    }
}
