package dev.channels.internal;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.spi.ChannelNames;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Which channels there can be.
 *
 * @param names the declared ones
 * @param arbitraryAllowed whether any valid name is one
 */
record DeclaredChannels(Set<String> names, boolean arbitraryAllowed) {

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
        distinct.forEach(this::require);
        return Collections.unmodifiableSet(distinct);
    }

    private void require(String name) {
        if (names.contains(name)) {
            return;
        }
        ChannelNames.requireValid(name);
        if (!arbitraryAllowed) {
            throw new ChannelsException(
                    ErrorCode.UNDECLARED_CHANNEL,
                    "Channel '"
                            + name
                            + "' is not declared. Add it to channels.names, or set"
                            + " channels.arbitrary-channels-allowed=true.");
        }
    }
}
