/**
 * What all doors share: who is let in (origin, caller, policies, beans of the application, limits),
 * and the open connections with those who look after them.
 */
@NullMarked
package dev.channels.endpoint;

import org.jspecify.annotations.NullMarked;
