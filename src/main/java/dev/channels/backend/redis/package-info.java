/** The two backends that talk to Redis: over Pub/Sub, and over streams. */
@NullMarked
package dev.channels.backend.redis;

import org.jspecify.annotations.NullMarked;
