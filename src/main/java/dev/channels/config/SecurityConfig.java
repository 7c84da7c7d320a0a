package dev.channels.config;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * Who may come in; see {@link Keys} for each key and its default.
 *
 * @param allowedOrigins {@link Keys#ALLOWED_ORIGINS}, each {@code same-origin}, {@code *} or an
 *     origin
 * @param trustForwardedHeaders {@link Keys#TRUST_FORWARDED_HEADERS}
 * @param maxConnections {@link Keys#MAX_CONNECTIONS}
 * @param maxConnectionsPerCaller {@link Keys#MAX_CONNECTIONS_PER_CALLER}, empty for unlimited
 * @param presenceTimeout {@link Keys#PRESENCE_TIMEOUT}, 1 s to 1 h
 * @param maxConnectionsPerAddress {@link Keys#MAX_CONNECTIONS_PER_ADDRESS}
 * @param maxChannels {@link Keys#MAX_CHANNELS}
 * @param policies no two of them with the same name or prefix
 */
public record SecurityConfig(
        List<String> allowedOrigins,
        boolean trustForwardedHeaders,
        int maxConnections,
        OptionalInt maxConnectionsPerCaller,
        int maxConnectionsPerAddress,
        int maxChannels,
        Duration presenceTimeout,
        List<PolicyConfig> policies) {}
