/** Puts publications into the tables, in order and once. */
@NullMarked
package dev.channels.backend.postgresql.publish;

import org.jspecify.annotations.NullMarked;
