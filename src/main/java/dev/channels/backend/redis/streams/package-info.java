/** The backend {@code redis-streams} at work: a stream for each channel, and pushes beside it. */
@NullMarked
package dev.channels.backend.redis.streams;

import org.jspecify.annotations.NullMarked;
