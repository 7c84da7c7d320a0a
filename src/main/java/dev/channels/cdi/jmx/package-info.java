/** The management bean of an application. */
@NullMarked
package dev.channels.cdi.jmx;

import org.jspecify.annotations.NullMarked;
