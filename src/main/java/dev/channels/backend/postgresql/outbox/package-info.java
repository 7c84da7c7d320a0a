/** Publishes by the application's own transactions: an outbox, and what empties it. */
@NullMarked
package dev.channels.backend.postgresql.outbox;

import org.jspecify.annotations.NullMarked;
