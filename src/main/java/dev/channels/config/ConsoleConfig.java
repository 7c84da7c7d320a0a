package dev.channels.config;

import java.util.List;

/**
 * The console for operators; see {@link Keys} for each key and its default.
 *
 * @param enabled {@link Keys#CONSOLE}
 * @param roles {@link Keys#CONSOLE_ROLE}; at least one where it is enabled
 */
public record ConsoleConfig(boolean enabled, List<String> roles) {}
