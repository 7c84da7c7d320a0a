package dev.channels;

/**
 * The stable codes of errors and log messages. A code is never given another meaning and never used
 * again; the page "Error codes" of the documentation says what to do about each.
 */
public enum ErrorCode {
    /** The configuration is invalid; the message lists every problem. */
    INVALID_CONFIGURATION("CHANNELS0001"),
    /** A channel was named that is not declared, and arbitrary channels are not allowed. */
    UNDECLARED_CHANNEL("CHANNELS0002"),
    /** A channel's name breaks the rule for names. */
    INVALID_CHANNEL_NAME("CHANNELS0003"),
    /** A call named no channel. */
    NO_CHANNEL("CHANNELS0004"),
    /** The data of a publish could not be encoded. */
    NOT_ENCODABLE("CHANNELS0005"),
    /** The payload of an event is not valid UTF-8. */
    NOT_TEXT("CHANNELS0006"),
    /** The plugin is not running. */
    NOT_RUNNING("CHANNELS0007"),
    /** The backend could not publish an event. */
    PUBLISH_FAILED("CHANNELS0008"),
    /** Too many publishes wait for the broker. */
    PUBLISH_QUEUE_FULL("CHANNELS0009"),
    /** The backend could not subscribe to a channel. */
    SUBSCRIBE_FAILED("CHANNELS0010"),
    /** The history of a channel could not be read. */
    HISTORY_FAILED("CHANNELS0011"),
    /** A history does not fit into the backlog of a subscriber that nobody consumes. */
    HISTORY_TOO_LARGE("CHANNELS0012"),
    /** The broker cannot be reached. */
    BROKER_UNAVAILABLE("CHANNELS0013"),
    /** Events of a channel were lost between the broker and this node. */
    GAP("CHANNELS0014"),
    /** A subscriber's backlog was full, and events were dropped. */
    EVENTS_DROPPED("CHANNELS0015"),
    /** An event could not be handed to its consumer; the stream went on. */
    EVENT_SKIPPED("CHANNELS0016"),
    /** A consumer failed for good; its stream has ended. */
    CONSUMER_FAILED("CHANNELS0017"),
    /**
     * Code of the application that is called by the plugin threw: a subscriber class, a listener.
     */
    APPLICATION_CODE_FAILED("CHANNELS0018"),
    /** A managed executor could not be used. */
    EXECUTOR("CHANNELS0019"),
    /** Stopping took longer than its bound; something was left undelivered. */
    STOP_TIMED_OUT("CHANNELS0020"),
    /** A subscriber class could not be instantiated. */
    SUBSCRIBER_CLASS("CHANNELS0021"),
    /** A WebSocket endpoint could not be registered. */
    ENDPOINT("CHANNELS0022"),
    /** The plugin could not be started. */
    START_FAILED("CHANNELS0023"),
    /** A message on the state of the plugin: no error. */
    STATE("CHANNELS0024"),
    /** Headers of a publish break their rule. */
    INVALID_HEADERS("CHANNELS0025"),
    /** The broker refuses for good what the plugin needs: a right, a table, a password. */
    BROKER_REFUSED("CHANNELS0026"),
    /** What another node, or an older version, left in the broker is of a format unknown here. */
    UNSUPPORTED_FORMAT("CHANNELS0027"),
    /** An event is larger than may be published. */
    EVENT_TOO_LARGE("CHANNELS0028"),
    /** A policy or the application does not let a caller do what it asks for. */
    FORBIDDEN("CHANNELS0029"),
    /**
     * Code of the application that serves clients failed: it authenticates, authorizes, answers.
     */
    CLIENT_CODE_FAILED("CHANNELS0030"),
    /** The transaction that an event was published in was rolled back. */
    ROLLED_BACK("CHANNELS0031"),
    /** A bound on what clients may use was reached. */
    LIMIT_REACHED("CHANNELS0032"),
    /** Who is there in a channel could not be kept or read. */
    PRESENCE_FAILED("CHANNELS0033"),
    /** Who is there is not kept: no policy of the channel asks for it. */
    PRESENCE_NOT_KEPT("CHANNELS0034"),
    /** A publish was to wait for a commit where there are no transactions; it went out at once. */
    NO_TRANSACTIONS("CHANNELS0035"),
    /** An observer or an injected event of the application names a channel in a way that fails. */
    WRONG_OBSERVER("CHANNELS0036"),
    /** Of the payload of an event no object of the wanted type can be made. */
    NOT_READABLE("CHANNELS0037");

    private final String code;

    ErrorCode(String code) {
        this.code = code;
    }

    /**
     * Returns the stable code.
     *
     * @return {@code CHANNELS} and four digits
     */
    public String code() {
        return code;
    }
}
