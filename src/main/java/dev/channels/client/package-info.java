/**
 * The client endpoint: one socket for many channels, in the protocol of the Centrifuge client SDKs.
 * Here a socket is tied to what its floors do: {@code protocol} and {@code encoding} are the
 * messages, {@code stream} goes out, {@code session} comes in and asks its {@code rules}, {@code
 * connected} is what the application sees.
 */
@NullMarked
package dev.channels.client;

import org.jspecify.annotations.NullMarked;
