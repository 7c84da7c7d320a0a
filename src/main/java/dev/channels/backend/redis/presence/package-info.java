/** Who is there, in a hash of each channel. */
@NullMarked
package dev.channels.backend.redis.presence;

import org.jspecify.annotations.NullMarked;
