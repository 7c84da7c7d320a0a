/** The WebSocket side: endpoint, configurator, and the sender of one session. */
@NullMarked
package dev.channels.websocket;

import org.jspecify.annotations.NullMarked;
