package dev.channels.client.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client's frame says.
 *
 * @param commands what is to be carried out, in this order; it stands before the fault, if there is
 *     one
 * @param fault what is wrong with the rest, without anything that the client sent; null if nothing
 *     is. The connection is to be closed with {@link DisconnectCode#BAD_REQUEST}
 */
public record Decoded(List<Command> commands, @Nullable String fault) {}
