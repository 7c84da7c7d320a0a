package dev.channels.cdi.telemetry.otel;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.HashMap;
import java.util.Map;

/** What all that is recorded has. */
final class OtelAttributes {

    /** What all of it comes from. */
    static final String SCOPE = "dev.channels";

    private OtelAttributes() {}

    /** Returns those of an application, and more of two kinds. */
    static Attributes of(String application, Map<String, String> some, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(some);
        all.putAll(more);
        return of(application, all);
    }

    /** Returns those of an application, and more. */
    static Attributes of(String application, Map<String, String> more) {
        AttributesBuilder attributes = Attributes.builder();
        attributes.put("channels.application", application);
        more.forEach(attributes::put);
        return attributes.build();
    }
}
