/** Reads the events of the subscribed channels out of the tables and pushes them into the sink. */
@NullMarked
package dev.channels.backend.postgresql.read;

import org.jspecify.annotations.NullMarked;
