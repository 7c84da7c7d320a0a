/**
 * What one client may do, and what it is answered: by the policies, the beans of the application
 * and the history of a channel. Whatever a session asks of its node belongs here.
 */
@NullMarked
package dev.channels.client.rules;

import org.jspecify.annotations.NullMarked;
