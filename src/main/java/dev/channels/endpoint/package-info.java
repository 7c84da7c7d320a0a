/** What all doors share: open connections and who looks after them. */
@NullMarked
package dev.channels.endpoint;

import org.jspecify.annotations.NullMarked;
