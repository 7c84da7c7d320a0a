/** An application that has Reactive Messaging, for servers that have it. */
package dev.channels.it.messaging;
