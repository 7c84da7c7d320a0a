package dev.channels.cdi.telemetry.otel;

import dev.channels.cdi.telemetry.Measure;
import io.opentelemetry.api.common.Attributes;

/**
 * A measure, and the attributes that it is shown with.
 *
 * @param measure is read whenever it is collected
 * @param attributes those of the measure, and of the application
 */
record Reading(Measure measure, Attributes attributes) {

    static Reading of(String application, Measure measure) {
        return new Reading(measure, OtelAttributes.of(application, measure.attributes()));
    }
}
