/**
 * Who may do what: the configuration that all doors share, its policies, and the beans of the
 * application that are asked beyond them. Decides about callers and channels, and knows neither
 * requests nor sockets.
 */
@NullMarked
package dev.channels.endpoint.policy;

import org.jspecify.annotations.NullMarked;
