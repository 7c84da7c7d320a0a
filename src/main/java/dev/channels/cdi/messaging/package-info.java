/** The connector of MicroProfile Reactive Messaging, where the server has it. */
@NullMarked
package dev.channels.cdi.messaging;

import org.jspecify.annotations.NullMarked;
