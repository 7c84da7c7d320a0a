/** The connections to Redis: where it is, how they are opened, kept, watched over and given up. */
@NullMarked
package dev.channels.backend.redis.connection;

import org.jspecify.annotations.NullMarked;
