/** What can be measured of an application, whoever collects it. */
@NullMarked
package dev.channels.cdi.telemetry;

import org.jspecify.annotations.NullMarked;
