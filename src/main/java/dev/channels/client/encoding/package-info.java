/**
 * The two encodings of the client protocol: JSON in text frames, Protobuf in binary ones.
 * Translates between frames and the messages of {@link dev.channels.client.protocol}, and knows
 * nothing else.
 */
@NullMarked
package dev.channels.client.encoding;

import org.jspecify.annotations.NullMarked;
