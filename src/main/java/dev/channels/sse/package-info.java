/** Server-Sent Events: any number of channels in one response. */
@NullMarked
package dev.channels.sse;

import org.jspecify.annotations.NullMarked;
