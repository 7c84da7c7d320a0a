/** What the tests of several packages share: events, senders, executors and backends to script. */
@NullMarked
package dev.channels.test;

import org.jspecify.annotations.NullMarked;
