/** The health of an application, where its server has MicroProfile Health. */
@NullMarked
package dev.channels.cdi.health;

import org.jspecify.annotations.NullMarked;
