package dev.channels.endpoint.policy;

import dev.channels.UserChannels;
import dev.channels.spi.ChannelNames;
import dev.channels.spi.DeclaredNames;
import java.util.Set;

/**
 * Which channels clients can name, at whatever door. Whether one may have a channel is another
 * question ({@link ClientDecisions}).
 *
 * <p>Immutable.
 */
public final class ClientChannels {

    private final DeclaredNames declared;
    private final boolean any;

    /**
     * Makes the rule.
     *
     * @param declared the declared channels, and families, which end in an asterisk
     * @param any whether every valid name is a channel
     */
    public ClientChannels(Set<String> declared, boolean any) {
        this.declared = new DeclaredNames(declared);
        this.any = any;
    }

    /**
     * Tells whether a channel exists without a client that names it.
     *
     * @param name a valid name
     * @return whether it is declared by itself
     */
    public boolean isDeclared(String name) {
        return declared.isWhole(name);
    }

    /**
     * Tells whether there is, or can be, a channel.
     *
     * @param name any text that a client sent
     * @return whether it is valid, and declared, a user's, or any name is a channel
     */
    public boolean contains(String name) {
        return ChannelNames.isValid(name)
                && (any || declared.contains(name) || UserChannels.contains(name));
    }
}
