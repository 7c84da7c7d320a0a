/**
 * The open connections of all doors, whose they are and how many there may be, and those who look
 * after them: who is stuck or gone, whose time is over, who listens, and how all of them end with
 * the application. Knows no server: what a socket is, its door says.
 */
@NullMarked
package dev.channels.endpoint.connection;

import org.jspecify.annotations.NullMarked;
