package dev.channels.config;

import dev.channels.BacklogStrategy;
import dev.channels.SendMode;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The configuration of the plugin; see {@link Key} for each key and its default.
 *
 * @param backend {@link Key#BACKEND}
 * @param backendRequired {@link Key#BACKEND_REQUIRED}
 * @param names {@link Key#NAMES}, in the order in which they are written
 * @param arbitraryChannelsAllowed {@link Key#ARBITRARY_CHANNELS_ALLOWED}
 * @param createWsRouteHandlers {@link Key#CREATE_WS_ROUTE_HANDLERS}
 * @param wsHandlerSendHistory {@link Key#WS_HANDLER_SEND_HISTORY}
 * @param wsHandlerBasePath {@link Key#WS_HANDLER_BASE_PATH}, beginning and ending with a slash
 * @param wsSendMode {@link Key#WS_SEND_MODE}
 * @param wsSendTimeout {@link Key#WS_SEND_TIMEOUT}
 * @param wsPingInterval {@link Key#WS_PING_INTERVAL}
 * @param wsMaxMessageSize {@link Key#WS_MAX_MESSAGE_SIZE}
 * @param security who may come in
 * @param subscriberMaxBacklog {@link Key#SUBSCRIBER_MAX_BACKLOG}, empty for unlimited
 * @param subscriberMaxBacklogBytes {@link Key#SUBSCRIBER_MAX_BACKLOG_BYTES}, empty for the default
 * @param subscriberBacklogStrategy {@link Key#SUBSCRIBER_BACKLOG_STRATEGY}
 * @param subscriberClass {@link Key#SUBSCRIBER_CLASS}
 * @param typeEncoders {@link Key#TYPE_ENCODERS}
 * @param managedExecutor {@link Key#MANAGED_EXECUTOR}
 * @param managedScheduledExecutor {@link Key#MANAGED_SCHEDULED_EXECUTOR}
 * @param sendConcurrency {@link Key#SEND_CONCURRENCY}, at least 1
 * @param publishQueueMaxEvents {@link Key#PUBLISH_QUEUE_MAX_EVENTS}
 * @param publishQueueMaxBytes {@link Key#PUBLISH_QUEUE_MAX_BYTES}
 * @param publishAfterCommit {@link Key#PUBLISH_IN_TRANSACTION}
 * @param historyCacheMaxBytes {@link Key#HISTORY_CACHE_MAX_BYTES}
 * @param subscribeTimeout {@link Key#SUBSCRIBE_TIMEOUT}
 * @param drainTime {@link Key#DRAIN_TIME}
 * @param shutdownTimeout {@link Key#SHUTDOWN_TIMEOUT}
 * @param client the client endpoint
 * @param sse Server-Sent Events
 */
public record ChannelsConfig(
        String backend,
        boolean backendRequired,
        Set<String> names,
        boolean arbitraryChannelsAllowed,
        boolean createWsRouteHandlers,
        int wsHandlerSendHistory,
        String wsHandlerBasePath,
        SendMode wsSendMode,
        Duration wsSendTimeout,
        Duration wsPingInterval,
        int wsMaxMessageSize,
        SecurityConfig security,
        OptionalInt subscriberMaxBacklog,
        OptionalLong subscriberMaxBacklogBytes,
        BacklogStrategy subscriberBacklogStrategy,
        String subscriberClass,
        List<String> typeEncoders,
        String managedExecutor,
        String managedScheduledExecutor,
        int sendConcurrency,
        int publishQueueMaxEvents,
        long publishQueueMaxBytes,
        boolean publishAfterCommit,
        long historyCacheMaxBytes,
        Duration subscribeTimeout,
        Duration drainTime,
        Duration shutdownTimeout,
        ClientConfig client,
        SseConfig sse) {}
