/** What an application calls: publish events to channels, subscribe to them, consume them. */
@NullMarked
package dev.channels;

import org.jspecify.annotations.NullMarked;
