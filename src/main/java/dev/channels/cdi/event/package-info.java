/** How events of CDI become events of channels, and the other way round. */
@NullMarked
package dev.channels.cdi.event;

import org.jspecify.annotations.NullMarked;
