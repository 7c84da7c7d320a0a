package dev.channels.config;

/**
 * The keys of the plugin, each with the default as it would be written. The backends have keys of
 * their own below {@code channels.<backend>.}.
 */
public enum Key {
    /** Which backend: its name, or the name or class of a CDI bean that implements it. */
    BACKEND("channels.backend", "memory"),
    /** Whether the deployment fails when the broker cannot be reached at boot. */
    BACKEND_REQUIRED("channels.backend-required", "true"),
    /** The declared channels, separated by commas; {@code order-*} declares a family. */
    NAMES("channels.names", ""),
    /** Whether any valid name is a channel. */
    ARBITRARY_CHANNELS_ALLOWED("channels.arbitrary-channels-allowed", "false"),
    /** Whether to register WebSocket endpoints. */
    CREATE_WS_ROUTE_HANDLERS("channels.create-ws-route-handlers", "false"),
    /** How many events of history an endpoint sends on connect; negative for all. */
    WS_HANDLER_SEND_HISTORY("channels.ws-handler-send-history", "0"),
    /** The path below which the endpoints are. */
    WS_HANDLER_BASE_PATH("channels.ws-handler-base-path", "/"),
    /** Text or binary frames. */
    WS_SEND_MODE("channels.ws-send-mode", "text"),
    /** How long a send may take before its session is closed. */
    WS_SEND_TIMEOUT("channels.ws-send-timeout", "30s"),
    /** How often a client is pinged where the engine takes that beside a send; 0s: never. */
    WS_PING_INTERVAL("channels.ws-ping-interval", "25s"),
    /** How long a message of a client may be, in characters or bytes; it is ignored. */
    WS_MAX_MESSAGE_SIZE("channels.ws-max-message-size", "8192"),
    /** Which pages may connect: {@code same-origin}, {@code *}, or origins separated by commas. */
    ALLOWED_ORIGINS("channels.allowed-origins", "same-origin"),
    /** Whether a proxy says in headers under which scheme and host clients see the application. */
    TRUST_FORWARDED_HEADERS("channels.trust-forwarded-headers", "false"),
    /** How many connections clients may have, over all doors; unlimited where it is not set. */
    MAX_CONNECTIONS("channels.max-connections", ""),
    /** How many connections each caller may have who is not anonymous; likewise. */
    MAX_CONNECTIONS_PER_CALLER("channels.max-connections-per-caller", ""),
    /** How many connections may come from each address. */
    MAX_CONNECTIONS_PER_ADDRESS("channels.max-connections-per-address", "20000"),
    /** How many undeclared channels clients may bring into being at a time. */
    MAX_CHANNELS("channels.max-channels", "100000"),
    /** How many events a backlog holds; unlimited where it is not set. */
    SUBSCRIBER_MAX_BACKLOG("channels.subscriber-max-backlog", ""),
    /** How many bytes a backlog holds; where it is not set 1 MiB for senders, else unlimited. */
    SUBSCRIBER_MAX_BACKLOG_BYTES("channels.subscriber-max-backlog-bytes", ""),
    /** What happens when the backlog is full. */
    SUBSCRIBER_BACKLOG_STRATEGY("channels.subscriber-backlog-strategy", "backoff"),
    /** The subclass of {@code Subscriber} to make. */
    SUBSCRIBER_CLASS("channels.subscriber-class", "dev.channels.Subscriber"),
    /** JSON-B adapters and serializers, separated by commas. */
    TYPE_ENCODERS("channels.type-encoders", ""),
    /** The JNDI name of the managed executor. */
    MANAGED_EXECUTOR("channels.managed-executor", "java:comp/DefaultManagedExecutorService"),
    /** The JNDI name of the managed scheduled executor. */
    MANAGED_SCHEDULED_EXECUTOR(
            "channels.managed-scheduled-executor",
            "java:comp/DefaultManagedScheduledExecutorService"),
    /**
     * How many drain tasks run at once, for senders and for callbacks each; 0: one per processor.
     */
    SEND_CONCURRENCY("channels.send-concurrency", "0"),
    /** How many publishes may wait for the broker. */
    PUBLISH_QUEUE_MAX_EVENTS("channels.publish-queue-max-events", "100000"),
    /** How many bytes of payload may wait for the broker. */
    PUBLISH_QUEUE_MAX_BYTES("channels.publish-queue-max-bytes", "67108864"),
    /** Whether a publish in a transaction goes out at once, or after its commit. */
    PUBLISH_IN_TRANSACTION("channels.publish-in-transaction", "at-once"),
    /** How many bytes of the channels' histories a node keeps in memory, to read them once. */
    HISTORY_CACHE_MAX_BYTES("channels.history-cache-max-bytes", "16777216"),
    /** How long a blocking subscribe waits for the broker. */
    SUBSCRIBE_TIMEOUT("channels.subscribe-timeout", "10s"),
    /** How long after the end of a node its clients are gone from presence at the latest. */
    PRESENCE_TIMEOUT("channels.presence-timeout", "60s"),
    /** Over how long the clients are sent away before a stop. */
    DRAIN_TIME("channels.drain-time", "0s"),
    /** How long a stop waits for what was accepted. */
    SHUTDOWN_TIMEOUT("channels.shutdown-timeout", "10s"),
    /** Whether there is the client endpoint: one socket for many channels. */
    CLIENT_ENDPOINT("channels.client-endpoint", "false"),
    /** The path of the client endpoint. */
    CLIENT_PATH("channels.client-path", "/connection/websocket"),
    /** How often a client of the client endpoint is asked for a sign of life. */
    CLIENT_PING_INTERVAL("channels.client-ping-interval", "25s"),
    /** How long it may take to give it. */
    CLIENT_PONG_TIMEOUT("channels.client-pong-timeout", "8s"),
    /** How long a client may take from the handshake to its first command. */
    CLIENT_CONNECT_TIMEOUT("channels.client-connect-timeout", "15s"),
    /** How many channels one client may subscribe to. */
    CLIENT_MAX_CHANNELS("channels.client-max-channels", "128"),
    /** How long a frame of a client may be, in characters or bytes. */
    CLIENT_MAX_MESSAGE_SIZE("channels.client-max-message-size", "65536"),
    /** How many commands a client may send, in the long run. */
    CLIENT_MAX_COMMANDS_PER_SECOND("channels.client-max-commands-per-second", "100"),
    /** How long a message may wait for others that share its frame. */
    CLIENT_WRITE_DELAY("channels.client-write-delay", "0s"),
    /** Whether there are Server-Sent Events: any number of channels in one response. */
    SSE_ENDPOINT("channels.sse-endpoint", "false"),
    /** The path of the Server-Sent Events. */
    SSE_PATH("channels.sse-path", "/connection/sse"),
    /** After which silence a comment is sent, which keeps proxies quiet and finds who is gone. */
    SSE_PING_INTERVAL("channels.sse-ping-interval", "25s");

    private final String key;
    private final String defaultValue;

    Key(String key, String defaultValue) {
        this.key = key;
        this.defaultValue = defaultValue;
    }

    /**
     * Returns the key.
     *
     * @return the name in MicroProfile Config
     */
    public String key() {
        return key;
    }

    /**
     * Returns the default.
     *
     * @return the value where none is set, as it would be written; empty where there is none
     */
    public String defaultValue() {
        return defaultValue;
    }
}
