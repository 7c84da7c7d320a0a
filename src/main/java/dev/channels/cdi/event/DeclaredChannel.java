package dev.channels.cdi.event;

import dev.channels.spi.ChannelNames;
import dev.channels.spi.DeclaredNames;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Says of a name that is written in the application why it is no channel. */
final class DeclaredChannel {

    private final DeclaredNames declared;
    private final boolean arbitraryAllowed;

    DeclaredChannel(Set<String> names, boolean arbitraryAllowed) {
        this.declared = new DeclaredNames(names);
        this.arbitraryAllowed = arbitraryAllowed;
    }

    /** Returns what is wrong with a name, and the remedy; null if it is a channel. */
    @Nullable String problemWith(String name) {
        if (!ChannelNames.isValid(name)) {
            return "this cannot be the name of a channel. A name has " + ChannelNames.RULE + ".";
        }
        if (!arbitraryAllowed && !declared.contains(name)) {
            return "the channel is not declared. Add it, or a family such as order-*, to"
                    + " channels.names, or set channels.arbitrary-channels-allowed=true.";
        }
        return null;
    }

    /** Returns what is wrong with the name of a family, and the remedy; null if it is one. */
    @Nullable String problemWithFamily(String family) {
        String prefix = DeclaredNames.prefixOf(family);
        if (!prefix.isEmpty() && !ChannelNames.isValid(prefix)) {
            return "no name of a channel can begin like this. A name has "
                    + ChannelNames.RULE
                    + ".";
        }
        if (!arbitraryAllowed && !declared.containsFamily(family)) {
            return "the family is not declared. Add it to channels.names, or set"
                    + " channels.arbitrary-channels-allowed=true.";
        }
        return null;
    }
}
