package dev.channels.backend.redis;

import dev.channels.backend.redis.connection.RedisConfigKeys;
import dev.channels.spi.BackendSettings;
import dev.channels.spi.BackendSink;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.Publication;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Knows whether the Redis client is there, without needing it. */
final class LettuceClient {

    private static final String REMEDY =
            "add the Redis client to the application (WEB-INF/lib), with Maven:"
                    + " <dependency><groupId>io.lettuce</groupId>"
                    + "<artifactId>lettuce-core</artifactId>"
                    + "<version>6.8.2.RELEASE</version></dependency>";

    private LettuceClient() {}

    static boolean isPresent() {
        try {
            Class.forName(
                    "io.lettuce.core.RedisClient", false, LettuceClient.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    static ChannelsBackend reportMissing(BackendSettings settings) {
        settings.problem(
                RedisConfigKeys.URI, "the Redis client Lettuce is not on the class path", REMEDY);
        return new Unusable();
    }

    /** Stands in for a backend that is never used: its settings have a problem. */
    private static final class Unusable implements ChannelsBackend {

        @Override
        public CompletionStage<Void> start(BackendSink sink) {
            return failed();
        }

        @Override
        public CompletionStage<Void> stop() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Void> publish(List<Publication> batch) {
            return failed();
        }

        @Override
        public CompletionStage<Void> subscribe(Set<String> channels) {
            return failed();
        }

        @Override
        public CompletionStage<Void> unsubscribe(Set<String> channels) {
            return failed();
        }

        private static CompletionStage<Void> failed() {
            return CompletableFuture.failedFuture(new IllegalStateException(REMEDY));
        }
    }
}
