package dev.channels.config;

import java.time.Duration;

/**
 * Server-Sent Events; see {@link Keys} for each key and its default.
 *
 * @param endpoint {@link Keys#SSE_ENDPOINT}
 * @param path {@link Keys#SSE_PATH}, beginning with a slash
 * @param pingInterval {@link Keys#SSE_PING_INTERVAL}, longer than nothing
 */
public record SseConfig(boolean endpoint, String path, Duration pingInterval) {}
