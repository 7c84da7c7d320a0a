/** The console for operators: what flows, who is connected, and what may be done about it. */
@NullMarked
package dev.channels.console;

import org.jspecify.annotations.NullMarked;
