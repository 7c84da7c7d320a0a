/** An observer that one node at a time calls. */
package dev.channels.it.once;
