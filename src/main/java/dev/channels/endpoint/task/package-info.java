/**
 * What the doors run on: tasks that wait for their turn, tasks that are repeated, and a log that
 * many clients cannot flood. Knows nothing of requests, clients or connections.
 */
@NullMarked
package dev.channels.endpoint.task;

import org.jspecify.annotations.NullMarked;
