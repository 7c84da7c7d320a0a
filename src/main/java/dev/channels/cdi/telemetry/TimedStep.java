package dev.channels.cdi.telemetry;

/** A step of an event's way whose time is measured, and shown in a histogram of seconds. */
public enum TimedStep {
    /** It goes to the broker. */
    PUBLISH("messaging.client.operation.duration", "From the publish to the broker's acceptance"),

    /** It comes from the broker. */
    FAN_OUT(
            "channels.fan_out.duration",
            "From the backend, which has it from the broker, to the mailboxes of all subscribers"),

    /** It goes to a client. */
    SEND(
            "channels.send.duration",
            "From the mailbox of a client to the end of the send, one event at a time of each");

    private final String metric;
    private final String description;

    TimedStep(String metric, String description) {
        this.metric = metric;
        this.description = description;
    }

    /**
     * Returns the name of the metric.
     *
     * @return in small letters and dots, by the conventions of OpenTelemetry
     */
    public String metric() {
        return metric;
    }

    /**
     * Returns what is measured.
     *
     * @return a word for who looks at it
     */
    public String description() {
        return description;
    }
}
