/** An application whose transactions publish themselves. */
package dev.channels.it.joined;
