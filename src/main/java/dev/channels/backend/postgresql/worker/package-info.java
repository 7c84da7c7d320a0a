/** Threads that keep a connection each and do one job with it, and what they tell together. */
@NullMarked
package dev.channels.backend.postgresql.worker;

import org.jspecify.annotations.NullMarked;
