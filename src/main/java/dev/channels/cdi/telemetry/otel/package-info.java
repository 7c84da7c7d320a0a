/** What can be measured of an application, where its server has OpenTelemetry. */
@NullMarked
package dev.channels.cdi.telemetry.otel;

import org.jspecify.annotations.NullMarked;
