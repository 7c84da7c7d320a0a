/** Who is there, in two tables: the nodes, and the clients of each. */
@NullMarked
package dev.channels.backend.postgresql.presence;

import org.jspecify.annotations.NullMarked;
