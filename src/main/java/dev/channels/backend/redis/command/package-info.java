/** The commands that both backends over Redis share: scripts, and subscribing to channels. */
@NullMarked
package dev.channels.backend.redis.command;

import org.jspecify.annotations.NullMarked;
