/**
 * The clients that are connected, as the application finds them: those of this node, and what
 * reaches those of the others.
 */
@NullMarked
package dev.channels.client.connected;

import org.jspecify.annotations.NullMarked;
