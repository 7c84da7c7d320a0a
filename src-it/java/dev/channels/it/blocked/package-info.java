/** An application whose callbacks do not return, or do. */
package dev.channels.it.blocked;
