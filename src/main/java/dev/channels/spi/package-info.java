/** What the author of a backend implements and is given: backend, factory, sink and history. */
@NullMarked
package dev.channels.spi;

import org.jspecify.annotations.NullMarked;
