/**
 * The session of one client: how far it has come, what each of its commands does, and what it waits
 * for. It decides, and leaves to the {@link dev.channels.client.rules rules} what may be and to the
 * {@link dev.channels.client.stream stream} what is sent; it knows neither sockets nor servers.
 */
@NullMarked
package dev.channels.client.session;

import org.jspecify.annotations.NullMarked;
