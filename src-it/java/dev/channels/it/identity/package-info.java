/** An application whose callers have names and roles. */
package dev.channels.it.identity;
