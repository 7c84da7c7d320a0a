/** What is special about each server: one class per server, chosen once. */
@NullMarked
package dev.channels.server;

import org.jspecify.annotations.NullMarked;
