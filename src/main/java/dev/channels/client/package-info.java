/**
 * The client endpoint: one socket for many channels, in the protocol of the Centrifuge client SDKs.
 */
@NullMarked
package dev.channels.client;

import org.jspecify.annotations.NullMarked;
