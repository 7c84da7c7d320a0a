package dev.channels.config;

import dev.channels.BacklogStrategy;
import dev.channels.SendMode;
import dev.channels.spi.Key;
import java.time.Duration;
import java.util.List;

/**
 * The keys of the plugin: the one place that says what each is called, how it is written, what it
 * is where it is not set, and what it means. The keys of policies are in {@link PolicyKeys}; each
 * backend has keys of its own below {@code channels.<backend>.}.
 */
public final class Keys {

    /** What fits into a frame of any proxy, and far more than a command has. */
    private static final int GREATEST_MESSAGE = 1 << 24;

    /** {@code channels.backend}. */
    public static final Key<String> BACKEND =
            Key.text("channels.backend", "memory", "which backend");

    static final Key<Boolean> BACKEND_REQUIRED =
            Key.flag(
                    "channels.backend-required",
                    true,
                    "whether the deployment fails when the broker cannot be reached at boot");

    static final Key<List<String>> NAMES = Key.list("channels.names", "", "the declared channels");

    static final Key<Boolean> ARBITRARY_CHANNELS_ALLOWED =
            Key.flag(
                    "channels.arbitrary-channels-allowed",
                    false,
                    "whether every valid name is a channel");

    static final Key<Boolean> CREATE_WS_ROUTE_HANDLERS =
            Key.flag(
                    "channels.create-ws-route-handlers",
                    false,
                    "whether to register WebSocket endpoints");

    /** {@code channels.ws-handler-send-history}. */
    public static final Key<Integer> WS_HANDLER_SEND_HISTORY =
            Key.integer(
                    "channels.ws-handler-send-history",
                    "0",
                    Integer.MIN_VALUE,
                    Integer.MAX_VALUE,
                    "how many events of history an endpoint sends on connect; negative: all");

    /** {@code channels.ws-handler-base-path}. */
    public static final Key<String> WS_HANDLER_BASE_PATH =
            Key.text(
                    "channels.ws-handler-base-path", "/", "the path below which the endpoints are");

    static final Key<SendMode> WS_SEND_MODE =
            Key.choice("channels.ws-send-mode", SendMode.TEXT, "text or binary frames");

    static final Key<Duration> WS_SEND_TIMEOUT =
            Key.duration(
                    "channels.ws-send-timeout",
                    "30s",
                    "1ms",
                    "how long the sends of a session may go without one of them ending before it is closed");

    static final Key<Duration> WS_PING_INTERVAL =
            Key.duration("channels.ws-ping-interval", "25s", "how often each client is pinged");

    static final Key<Integer> WS_MAX_MESSAGE_SIZE =
            Key.integer(
                    "channels.ws-max-message-size",
                    "8192",
                    0,
                    Integer.MAX_VALUE,
                    "how long a message of a client may be (it is ignored), in characters or bytes");

    static final Key<List<String>> ALLOWED_ORIGINS =
            Key.list("channels.allowed-origins", "same-origin", "which pages may connect");

    static final Key<Boolean> TRUST_FORWARDED_HEADERS =
            Key.flag(
                    "channels.trust-forwarded-headers",
                    false,
                    "whether a proxy in front says by Forwarded or X-Forwarded-Proto, -Host and -Port under which origin clients see the application");

    static final Key<Integer> MAX_CONNECTIONS =
            Key.integer(
                    "channels.max-connections",
                    "100000",
                    1,
                    Integer.MAX_VALUE,
                    "how many connections clients may have on a node, over all doors");

    static final Key<Integer> MAX_CONNECTIONS_PER_CALLER =
            Key.integer(
                    "channels.max-connections-per-caller",
                    "",
                    1,
                    Integer.MAX_VALUE,
                    "how many each caller may have who is not anonymous");

    static final Key<Integer> MAX_CONNECTIONS_PER_ADDRESS =
            Key.integer(
                    "channels.max-connections-per-address",
                    "20000",
                    1,
                    Integer.MAX_VALUE,
                    "how many may come from each address");

    static final Key<Integer> MAX_CHANNELS =
            Key.integer(
                    "channels.max-channels",
                    "100000",
                    1,
                    Integer.MAX_VALUE,
                    "how many channels that are not declared by their whole name clients may bring into being on a node, at a time");

    static final Key<Integer> SUBSCRIBER_MAX_BACKLOG =
            Key.integer(
                    "channels.subscriber-max-backlog",
                    "",
                    1,
                    Integer.MAX_VALUE,
                    "how many events a backlog holds");

    static final Key<Long> SUBSCRIBER_MAX_BACKLOG_BYTES =
            Key.number(
                    "channels.subscriber-max-backlog-bytes",
                    "",
                    1,
                    Long.MAX_VALUE,
                    "how many bytes a backlog holds");

    static final Key<BacklogStrategy> SUBSCRIBER_BACKLOG_STRATEGY =
            Key.choice(
                    "channels.subscriber-backlog-strategy",
                    BacklogStrategy.BACKOFF,
                    "what happens when a backlog is full");

    /** {@code channels.subscriber-class}. */
    public static final Key<String> SUBSCRIBER_CLASS =
            Key.text(
                    "channels.subscriber-class",
                    "dev.channels.Subscriber",
                    "the subclass of Subscriber to make");

    /** {@code channels.type-encoders}. */
    public static final Key<List<String>> TYPE_ENCODERS =
            Key.list(
                    "channels.type-encoders", "", "JSON-B adapters, serializers and deserializers");

    /** {@code channels.managed-executor}. */
    public static final Key<String> MANAGED_EXECUTOR =
            Key.text(
                    "channels.managed-executor",
                    "java:comp/DefaultManagedExecutorService",
                    "the JNDI name of the managed executor");

    /** {@code channels.managed-scheduled-executor}. */
    public static final Key<String> MANAGED_SCHEDULED_EXECUTOR =
            Key.text(
                    "channels.managed-scheduled-executor",
                    "java:comp/DefaultManagedScheduledExecutorService",
                    "the JNDI name of the managed scheduled executor");

    static final Key<Integer> SEND_CONCURRENCY =
            Key.integer(
                    "channels.send-concurrency",
                    "0",
                    0,
                    1_000,
                    "how many drain tasks run at once, for senders and for callbacks each");

    static final Key<Integer> PUBLISH_QUEUE_MAX_EVENTS =
            Key.integer(
                    "channels.publish-queue-max-events",
                    "100000",
                    1,
                    Integer.MAX_VALUE,
                    "how many publishes may wait for the broker");

    static final Key<Long> PUBLISH_QUEUE_MAX_BYTES =
            Key.number(
                    "channels.publish-queue-max-bytes",
                    "67108864",
                    1,
                    Long.MAX_VALUE,
                    "how many bytes of payload may wait for the broker");

    /** {@code channels.publish-in-transaction}. */
    public static final Key<PublishMoment> PUBLISH_IN_TRANSACTION =
            Key.choice(
                    "channels.publish-in-transaction",
                    PublishMoment.AT_ONCE,
                    "whether a publish in a JTA transaction goes out at-once, or after-commit");

    static final Key<Long> HISTORY_CACHE_MAX_BYTES =
            Key.number(
                    "channels.history-cache-max-bytes",
                    "16777216",
                    0,
                    Long.MAX_VALUE,
                    "how many bytes of the histories of followed channels a node keeps in memory");

    static final Key<Duration> SUBSCRIBE_TIMEOUT =
            Key.duration(
                    "channels.subscribe-timeout",
                    "10s",
                    "1ms",
                    "how long a blocking subscribe waits for the broker");

    static final Key<Duration> PRESENCE_TIMEOUT =
            Key.duration(
                    "channels.presence-timeout",
                    "60s",
                    "1s",
                    "1h",
                    "how long after the end of a node that was killed its clients are gone from presence at the latest");

    static final Key<Duration> DRAIN_TIME =
            Key.duration("channels.drain-time", "0s", "over how long the clients are sent away");

    static final Key<Duration> SHUTDOWN_TIMEOUT =
            Key.duration(
                    "channels.shutdown-timeout",
                    "10s",
                    "how long undeploy waits for what was accepted");

    static final Key<Boolean> CLIENT_ENDPOINT =
            Key.flag("channels.client-endpoint", false, "whether there is the client endpoint");

    /** {@code channels.client-path}. */
    public static final Key<String> CLIENT_PATH =
            Key.text(
                    "channels.client-path",
                    "/connection/websocket",
                    "the path of the client endpoint");

    static final Key<Duration> CLIENT_PING_INTERVAL =
            Key.duration(
                    "channels.client-ping-interval",
                    "25s",
                    "1s",
                    "1d",
                    "how often a client is asked for a sign of life; whole seconds");

    static final Key<Duration> CLIENT_PONG_TIMEOUT =
            Key.duration(
                    "channels.client-pong-timeout",
                    "8s",
                    "1ms",
                    "how long it may take to give it, before it is disconnected");

    static final Key<Duration> CLIENT_CONNECT_TIMEOUT =
            Key.duration(
                    "channels.client-connect-timeout",
                    "15s",
                    "1ms",
                    "how long a client may take from the handshake to its first command");

    static final Key<Integer> CLIENT_MAX_CHANNELS =
            Key.integer(
                    "channels.client-max-channels",
                    "128",
                    1,
                    100_000,
                    "how many channels one client may subscribe to");

    static final Key<Integer> CLIENT_MAX_MESSAGE_SIZE =
            Key.integer(
                    "channels.client-max-message-size",
                    "65536",
                    256,
                    GREATEST_MESSAGE,
                    "how long a frame of a client may be, in characters or bytes");

    static final Key<Integer> CLIENT_MAX_COMMANDS_PER_SECOND =
            Key.integer(
                    "channels.client-max-commands-per-second",
                    "100",
                    1,
                    1_000_000,
                    "how many commands a client may send in the long run");

    static final Key<Integer> CLIENT_MAX_PUBLISHES_PER_SECOND =
            Key.integer(
                    "channels.client-max-publishes-per-second",
                    "100",
                    1,
                    1_000_000,
                    "how many of these commands may be publishes");

    static final Key<Duration> CLIENT_WRITE_DELAY =
            Key.duration(
                    "channels.client-write-delay",
                    "0s",
                    "how long a message may wait for others that share its frame");

    static final Key<Boolean> SSE_ENDPOINT =
            Key.flag("channels.sse-endpoint", false, "whether there are Server-Sent Events");

    static final Key<String> SSE_PATH =
            Key.text("channels.sse-path", "/connection/sse", "the path of the Server-Sent Events");

    static final Key<Duration> SSE_PING_INTERVAL =
            Key.duration(
                    "channels.sse-ping-interval",
                    "25s",
                    "1ms",
                    "60s",
                    "after which silence a comment is sent");

    static final Key<Boolean> CONSOLE =
            Key.flag("channels.console", false, "whether there is the console for operators");

    static final Key<List<String>> CONSOLE_ROLE =
            Key.list("channels.console-role", "", "who may see the console: roles");

    /** All of them. */
    static final List<Key<?>> ALL =
            List.of(
                    BACKEND,
                    BACKEND_REQUIRED,
                    NAMES,
                    ARBITRARY_CHANNELS_ALLOWED,
                    CREATE_WS_ROUTE_HANDLERS,
                    WS_HANDLER_SEND_HISTORY,
                    WS_HANDLER_BASE_PATH,
                    WS_SEND_MODE,
                    WS_SEND_TIMEOUT,
                    WS_PING_INTERVAL,
                    WS_MAX_MESSAGE_SIZE,
                    ALLOWED_ORIGINS,
                    TRUST_FORWARDED_HEADERS,
                    MAX_CONNECTIONS,
                    MAX_CONNECTIONS_PER_CALLER,
                    MAX_CONNECTIONS_PER_ADDRESS,
                    MAX_CHANNELS,
                    SUBSCRIBER_MAX_BACKLOG,
                    SUBSCRIBER_MAX_BACKLOG_BYTES,
                    SUBSCRIBER_BACKLOG_STRATEGY,
                    SUBSCRIBER_CLASS,
                    TYPE_ENCODERS,
                    MANAGED_EXECUTOR,
                    MANAGED_SCHEDULED_EXECUTOR,
                    SEND_CONCURRENCY,
                    PUBLISH_QUEUE_MAX_EVENTS,
                    PUBLISH_QUEUE_MAX_BYTES,
                    PUBLISH_IN_TRANSACTION,
                    HISTORY_CACHE_MAX_BYTES,
                    SUBSCRIBE_TIMEOUT,
                    PRESENCE_TIMEOUT,
                    DRAIN_TIME,
                    SHUTDOWN_TIMEOUT,
                    CLIENT_ENDPOINT,
                    CLIENT_PATH,
                    CLIENT_PING_INTERVAL,
                    CLIENT_PONG_TIMEOUT,
                    CLIENT_CONNECT_TIMEOUT,
                    CLIENT_MAX_CHANNELS,
                    CLIENT_MAX_MESSAGE_SIZE,
                    CLIENT_MAX_COMMANDS_PER_SECOND,
                    CLIENT_MAX_PUBLISHES_PER_SECOND,
                    CLIENT_WRITE_DELAY,
                    SSE_ENDPOINT,
                    SSE_PATH,
                    SSE_PING_INTERVAL,
                    CONSOLE,
                    CONSOLE_ROLE);

    private Keys() {}
}
