/** The backend whose broker is the memory of this JVM: one node, nothing to install. */
@NullMarked
package dev.channels.backend.memory;

import org.jspecify.annotations.NullMarked;
