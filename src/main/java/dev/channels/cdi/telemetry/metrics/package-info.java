/** What can be measured of an application, where its server has MicroProfile Metrics. */
@NullMarked
package dev.channels.cdi.telemetry.metrics;

import org.jspecify.annotations.NullMarked;
