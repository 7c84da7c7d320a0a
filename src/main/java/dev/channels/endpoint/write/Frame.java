package dev.channels.endpoint.write;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One message of WebSocket, as a text or as bytes.
 *
 * @param text null in a binary one
 * @param data null in a text
 * @param size how many bytes it has, about
 */
record Frame(@Nullable String text, @Nullable ByteBuffer data, int size) {}
