/** One stream: the mailbox of a subscriber, what waits in it in order, and who consumes it. */
@NullMarked
package dev.channels.internal.stream;

import org.jspecify.annotations.NullMarked;
