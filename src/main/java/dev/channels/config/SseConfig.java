package dev.channels.config;

import java.time.Duration;

/**
 * Server-Sent Events; see {@link Key} for each key and its default.
 *
 * @param endpoint {@link Key#SSE_ENDPOINT}
 * @param path {@link Key#SSE_PATH}, beginning with a slash
 * @param pingInterval {@link Key#SSE_PING_INTERVAL}, longer than nothing
 */
public record SseConfig(boolean endpoint, String path, Duration pingInterval) {}
