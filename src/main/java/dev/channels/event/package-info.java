/** The events of channels as events of CDI: what is published by firing, and what is observed. */
@NullMarked
package dev.channels.event;

import org.jspecify.annotations.NullMarked;
