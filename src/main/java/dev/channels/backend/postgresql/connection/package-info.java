/** How this backend gets and keeps connections to the database, and what their failures mean. */
@NullMarked
package dev.channels.backend.postgresql.connection;

import org.jspecify.annotations.NullMarked;
