/** The one way of all publishes to the backend: queue, batches, and what became of them. */
@NullMarked
package dev.channels.internal.publish;

import org.jspecify.annotations.NullMarked;
