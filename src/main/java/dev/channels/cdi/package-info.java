/** Puts everything together: portable extension, producer, servlet initializer, executors. */
@NullMarked
package dev.channels.cdi;

import org.jspecify.annotations.NullMarked;
