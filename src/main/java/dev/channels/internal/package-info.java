/** The engine: registry, fan-out, mailbox, publish lane, life cycle; knows no container. */
@NullMarked
package dev.channels.internal;

import org.jspecify.annotations.NullMarked;
