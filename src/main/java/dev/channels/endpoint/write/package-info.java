/**
 * What writes to one client: one send at a time or a window of them, and whatever comes meanwhile
 * in the next batch. Knows nothing of channels or events.
 */
@NullMarked
package dev.channels.endpoint.write;

import org.jspecify.annotations.NullMarked;
