/** What the floors above run on: pools and executors, deadlines, counters, calls of a backend. */
@NullMarked
package dev.channels.internal.task;

import org.jspecify.annotations.NullMarked;
