/** The plugin on this node: its life, who follows which channel, and how a channel is joined. */
@NullMarked
package dev.channels.internal.node;

import org.jspecify.annotations.NullMarked;
