/** The plain WebSocket endpoints: one channel a session, one frame an event. */
@NullMarked
package dev.channels.websocket;

import org.jspecify.annotations.NullMarked;
