/**
 * What the author of a backend implements and is given: backend, factory, sink, history and
 * presence.
 */
@NullMarked
package dev.channels.spi;

import org.jspecify.annotations.NullMarked;
