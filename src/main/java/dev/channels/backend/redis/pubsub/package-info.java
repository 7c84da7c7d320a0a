/** The backend {@code redis-pubsub} at work: PUBLISH and SUBSCRIBE. */
@NullMarked
package dev.channels.backend.redis.pubsub;

import org.jspecify.annotations.NullMarked;
