/**
 * What goes out to one client: events, what happens to its channels, and what its session puts
 * between them, in one order and joined into frames. Knows no socket, only where {@link
 * dev.channels.client.stream.Frames frames} go.
 */
@NullMarked
package dev.channels.client.stream;

import org.jspecify.annotations.NullMarked;
