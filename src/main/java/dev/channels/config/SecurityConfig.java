package dev.channels.config;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * Who may come in; see {@link Key} for each key and its default.
 *
 * @param allowedOrigins {@link Key#ALLOWED_ORIGINS}, each {@code same-origin}, {@code *} or an
 *     origin
 * @param trustForwardedHeaders {@link Key#TRUST_FORWARDED_HEADERS}
 * @param maxConnections {@link Key#MAX_CONNECTIONS}, empty for unlimited
 * @param maxConnectionsPerCaller {@link Key#MAX_CONNECTIONS_PER_CALLER}, empty for unlimited
 * @param presenceTimeout {@link Key#PRESENCE_TIMEOUT}, 1 s to 1 h
 * @param maxConnectionsPerAddress {@link Key#MAX_CONNECTIONS_PER_ADDRESS}
 * @param maxChannels {@link Key#MAX_CHANNELS}
 * @param policies no two of them with the same name or prefix
 */
public record SecurityConfig(
        List<String> allowedOrigins,
        boolean trustForwardedHeaders,
        OptionalInt maxConnections,
        OptionalInt maxConnectionsPerCaller,
        int maxConnectionsPerAddress,
        int maxChannels,
        Duration presenceTimeout,
        List<PolicyConfig> policies) {}
