package dev.channels.backend.redis.connection;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Opens links to one Redis. Does not block; its stages complete on any thread. */
interface LinkOpener {

    /** Names are text, which is exact in UTF-8: no name has an unpaired surrogate. */
    RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

    /** Opens all connections of a link, or none. */
    CompletionStage<Link> open();

    /** Closes what is open, and lets go of the client. */
    CompletionStage<Void> shutdown();

    /** Combines two connections; closes the one if the other cannot be had. */
    static <A extends StatefulConnection<?, ?>, B extends StatefulConnection<?, ?>, T>
            CompletionStage<T> both(
                    CompletionStage<A> first,
                    CompletionStage<B> second,
                    BiFunction<A, B, T> combine) {
        return first.thenCombine(second, combine)
                .whenComplete(
                        (combined, failure) -> {
                            if (failure != null) {
                                first.whenComplete((opened, none) -> closeIfOpen(opened));
                                second.whenComplete((opened, none) -> closeIfOpen(opened));
                            }
                        });
    }

    private static void closeIfOpen(@Nullable StatefulConnection<?, ?> connection) {
        if (connection != null) {
            CompletableFuture<Void> unused = connection.closeAsync();
        }
    }
}
