/** Reads the history for others, and removes what is past it. */
@NullMarked
package dev.channels.backend.postgresql.history;

import org.jspecify.annotations.NullMarked;
