package dev.channels.internal.node;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.UserChannels;
import dev.channels.spi.ChannelNames;
import dev.channels.spi.DeclaredNames;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Which channels there can be. */
final class DeclaredChannels {

    /** Each declared name, and the set of it alone, so that a publish makes none. */
    private final Map<String, Set<String>> declared;

    private final DeclaredNames names;
    private final boolean arbitraryAllowed;

    /**
     * Makes the rule.
     *
     * @param names the declared ones, and families, which end in an asterisk
     * @param arbitraryAllowed whether any valid name is one
     */
    DeclaredChannels(Set<String> names, boolean arbitraryAllowed) {
        this.declared =
                names.stream()
                        .filter(name -> !DeclaredNames.isFamily(name))
                        .collect(Collectors.toUnmodifiableMap(Function.identity(), Set::of));
        this.names = new DeclaredNames(names);
        this.arbitraryAllowed = arbitraryAllowed;
    }

    /**
     * Checks the names of a call.
     *
     * @return the names, each once, in their order; immutable
     * @throws ChannelsException if there is none, or one that is no channel
     */
    Set<String> require(Collection<String> channels) {
        if (channels.isEmpty()) {
            throw new ChannelsException(
                    ErrorCode.NO_CHANNEL, "No channel was named; name at least one.");
        }
        Set<String> distinct = new LinkedHashSet<>(channels);
        distinct.forEach(this::requireOne);
        return Collections.unmodifiableSet(distinct);
    }

    /**
     * Checks the one name of a call.
     *
     * @return the set of it; immutable
     * @throws ChannelsException if it is no channel
     */
    Set<String> require(String channel) {
        Set<String> alone = declared.get(channel);
        if (alone != null) {
            return alone;
        }
        requireOne(channel);
        return Set.of(channel);
    }

    private void requireOne(String name) {
        if (declared.containsKey(name)) {
            return;
        }
        ChannelNames.requireValid(name);
        if (!arbitraryAllowed && !names.contains(name) && !UserChannels.contains(name)) {
            throw new ChannelsException(
                    ErrorCode.UNDECLARED_CHANNEL,
                    "Channel '"
                            + ChannelNames.printable(name)
                            + "' is not declared. Add it, or a family such as order-*, to channels.names, or"
                            + " set channels.arbitrary-channels-allowed=true.");
        }
    }
}
