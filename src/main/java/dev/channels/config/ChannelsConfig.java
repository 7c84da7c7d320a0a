package dev.channels.config;

import dev.channels.BacklogStrategy;
import dev.channels.SendMode;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The configuration of the plugin; see {@link Keys} for each key and its default.
 *
 * @param backend {@link Keys#BACKEND}
 * @param backendRequired {@link Keys#BACKEND_REQUIRED}
 * @param names {@link Keys#NAMES}, in the order in which they are written
 * @param arbitraryChannelsAllowed {@link Keys#ARBITRARY_CHANNELS_ALLOWED}
 * @param createWsRouteHandlers {@link Keys#CREATE_WS_ROUTE_HANDLERS}
 * @param wsHandlerSendHistory {@link Keys#WS_HANDLER_SEND_HISTORY}
 * @param wsHandlerBasePath {@link Keys#WS_HANDLER_BASE_PATH}, beginning and ending with a slash
 * @param wsSendMode {@link Keys#WS_SEND_MODE}
 * @param wsSendTimeout {@link Keys#WS_SEND_TIMEOUT}
 * @param wsPingInterval {@link Keys#WS_PING_INTERVAL}
 * @param wsMaxMessageSize {@link Keys#WS_MAX_MESSAGE_SIZE}
 * @param security who may come in
 * @param subscriberMaxBacklog {@link Keys#SUBSCRIBER_MAX_BACKLOG}, empty for unlimited
 * @param subscriberMaxBacklogBytes {@link Keys#SUBSCRIBER_MAX_BACKLOG_BYTES}, empty for the default
 * @param subscriberBacklogStrategy {@link Keys#SUBSCRIBER_BACKLOG_STRATEGY}
 * @param subscriberClass {@link Keys#SUBSCRIBER_CLASS}
 * @param typeEncoders {@link Keys#TYPE_ENCODERS}
 * @param managedExecutor {@link Keys#MANAGED_EXECUTOR}
 * @param managedScheduledExecutor {@link Keys#MANAGED_SCHEDULED_EXECUTOR}
 * @param sendConcurrency {@link Keys#SEND_CONCURRENCY}, at least 1
 * @param publishQueueMaxEvents {@link Keys#PUBLISH_QUEUE_MAX_EVENTS}
 * @param publishQueueMaxBytes {@link Keys#PUBLISH_QUEUE_MAX_BYTES}
 * @param publishAfterCommit {@link Keys#PUBLISH_IN_TRANSACTION}
 * @param historyCacheMaxBytes {@link Keys#HISTORY_CACHE_MAX_BYTES}
 * @param subscribeTimeout {@link Keys#SUBSCRIBE_TIMEOUT}
 * @param drainTime {@link Keys#DRAIN_TIME}
 * @param shutdownTimeout {@link Keys#SHUTDOWN_TIMEOUT}
 * @param client the client endpoint
 * @param sse Server-Sent Events
 * @param console the console for operators
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
        SseConfig sse,
        ConsoleConfig console) {}
