/**
 * The backend of PostgreSQL: events in tables of its own, notifications only as a wake-up.
 *
 * <p>See {@link dev.channels.backend.postgresql.PostgresqlBackendFactory} for its keys, its
 * guarantees and its limits. The tables are those of the resource {@code
 * dev/channels/backend/postgresql/ddl.sql}.
 */
@NullMarked
package dev.channels.backend.postgresql;

import org.jspecify.annotations.NullMarked;
