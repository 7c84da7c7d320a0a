/**
 * How a client is let in, at whatever door: the filter and the judges that put together what its
 * floors know of requests, policies and connections. A floor may use those above it: {@code task}
 * and {@code request}, then {@code policy}, {@code connection}, and {@code write}.
 */
@NullMarked
package dev.channels.endpoint;

import org.jspecify.annotations.NullMarked;
