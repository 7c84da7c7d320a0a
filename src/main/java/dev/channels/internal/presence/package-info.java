/** Which clients this node has in which channels, and how the broker comes to know it. */
@NullMarked
package dev.channels.internal.presence;

import org.jspecify.annotations.NullMarked;
