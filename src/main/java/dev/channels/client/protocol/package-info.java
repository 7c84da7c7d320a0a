/**
 * The messages of the client protocol, and what a codec does with them. Knows nothing of encodings,
 * sockets, channels or callers.
 */
@NullMarked
package dev.channels.client.protocol;

import org.jspecify.annotations.NullMarked;
