package dev.channels.cdi.telemetry;

import java.util.Map;
import java.util.function.LongSupplier;

/**
 * One number that an application is asked for whenever somebody collects it; nothing is kept or
 * counted for it in between.
 *
 * @param name in small letters and dots, by the conventions of OpenTelemetry
 * @param kind how its values belong together
 * @param unit by UCUM, as the conventions have it
 * @param description for who looks at it
 * @param attributes what tells it from others of its name; a channel only where a policy names it,
 *     since there may be any number of them
 * @param reading reads it now; by any thread, without blocking
 */
public record Measure(
        String name,
        Kind kind,
        String unit,
        String description,
        Map<String, String> attributes,
        LongSupplier reading) {

    /** How the values of a measure belong together. */
    public enum Kind {
        /** It only grows; those with other attributes may be added. */
        COUNTER,
        /** It goes up and down; those with other attributes may be added. */
        SUM,
        /** It goes up and down, and adding it to another makes no sense. */
        GAUGE
    }
}
