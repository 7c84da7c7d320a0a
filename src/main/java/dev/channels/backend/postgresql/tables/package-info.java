/** The tables: their names, their creation, their epoch, and the notifications about them. */
@NullMarked
package dev.channels.backend.postgresql.tables;

import org.jspecify.annotations.NullMarked;
