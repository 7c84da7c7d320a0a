/**
 * The messages of the client protocol, and their two encodings: JSON in text frames, Protobuf in
 * binary ones. Knows nothing of sockets, channels or callers.
 */
@NullMarked
package dev.channels.client.protocol;

import org.jspecify.annotations.NullMarked;
