package dev.channels.cdi;

import dev.channels.UserChannels;
import dev.channels.client.session.ClientSettings;
import dev.channels.config.ChannelsConfig;
import dev.channels.config.ClientConfig;
import dev.channels.config.PolicyConfig;
import dev.channels.config.SecurityConfig;
import dev.channels.endpoint.policy.Access;
import dev.channels.endpoint.policy.ClientChannels;
import dev.channels.endpoint.policy.DoorSettings;
import dev.channels.endpoint.policy.Policies;
import dev.channels.endpoint.policy.Policy;
import dev.channels.internal.node.NodeSettings;
import dev.channels.internal.presence.PresenceSettings;
import dev.channels.spi.ChannelRules;
import dev.channels.sse.SseSettings;
import dev.channels.websocket.EndpointSettings;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What each part of the library is given of the configuration, which none of them knows. */
final class PartSettings {

    private static final long DEFAULT_SENDER_BYTES = 1 << 20;

    private PartSettings() {}

    /** Returns what the engine is given. */
    static NodeSettings node(ChannelsConfig config, ApplicationClasses classes) {
        return new NodeSettings(
                config.names(),
                config.arbitraryChannelsAllowed(),
                config.subscriberMaxBacklog().orElse(Integer.MAX_VALUE),
                config.subscriberMaxBacklogBytes().orElse(Long.MAX_VALUE),
                config.subscriberMaxBacklogBytes().orElse(DEFAULT_SENDER_BYTES),
                config.subscriberBacklogStrategy(),
                classes.subscriberClass(config.subscriberClass()),
                config.sendConcurrency(),
                config.publishQueueMaxEvents(),
                config.publishQueueMaxBytes(),
                config.historyCacheMaxBytes(),
                config.subscribeTimeout(),
                config.shutdownTimeout(),
                presence(config));
    }

    private static PresenceSettings presence(ChannelsConfig config) {
        Policies policies = policies(config);
        return new PresenceSettings(
                channel -> policies.of(channel).keepsPresence(),
                config.security().presenceTimeout());
    }

    /** Returns what all doors share. */
    static DoorSettings doors(ChannelsConfig config) {
        SecurityConfig security = config.security();
        return new DoorSettings(
                config.wsSendTimeout(),
                config.wsPingInterval(),
                security.allowedOrigins(),
                security.trustForwardedHeaders(),
                security.maxConnections(),
                security.maxConnectionsPerCaller().orElse(Integer.MAX_VALUE),
                security.maxConnectionsPerAddress(),
                security.maxChannels(),
                policies(config),
                new ClientChannels(config.names(), config.arbitraryChannelsAllowed()));
    }

    private static Policies policies(ChannelsConfig config) {
        return new Policies(
                config.security().policies().stream().map(PartSettings::policy).toList());
    }

    /** Returns the rules of one policy. */
    static Policy policy(PolicyConfig read) {
        return new Policy(
                read.channels(),
                new Access(read.subscribe()),
                new Access(read.publish()),
                new Access(read.presence()),
                read.joinLeave(),
                read.recover());
    }

    /**
     * Tells which channels telemetry may name; null for none. Those of users never: it is no place
     * for who is there.
     */
    static @Nullable Predicate<String> namedInTelemetry(ChannelsConfig config) {
        List<PolicyConfig> policies = config.security().policies();
        if (policies.stream().noneMatch(PolicyConfig::telemetryChannelNames)) {
            return null;
        }
        ChannelRules<Boolean> named =
                ChannelRules.of(policies, PolicyConfig::channels)
                        .map(PolicyConfig::telemetryChannelNames);
        return channel -> !UserChannels.contains(channel) && named.of(channel, false);
    }

    /** Returns what the plain endpoints are given. */
    static EndpointSettings endpoints(ChannelsConfig config) {
        return new EndpointSettings(
                config.wsHandlerBasePath(),
                config.names(),
                config.arbitraryChannelsAllowed(),
                config.wsHandlerSendHistory(),
                config.wsSendMode(),
                config.wsMaxMessageSize());
    }

    /** Returns what the client endpoint is given. */
    static ClientSettings client(ChannelsConfig config) {
        ClientConfig client = config.client();
        return new ClientSettings(
                client.path(),
                client.pingInterval(),
                client.pongTimeout(),
                client.connectTimeout(),
                client.maxChannels(),
                client.maxMessageSize(),
                client.maxCommandsPerSecond(),
                client.maxPublishesPerSecond(),
                client.writeDelay());
    }

    /** Returns what the Server-Sent Events are given. */
    static SseSettings sse(ChannelsConfig config) {
        return new SseSettings(
                config.sse().path(), config.client().maxChannels(), config.sse().pingInterval());
    }
}
