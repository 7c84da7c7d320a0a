package dev.channels.backend.redis.connection;

import io.lettuce.core.RedisClient;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.DefaultEventLoopGroupProvider;
import io.lettuce.core.resource.Transports;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The threads and timers of the Redis client. One thread, the loop, does all input and output, so
 * that state which only the loop touches needs no lock.
 *
 * <p>Every thread has the class loader of the client as its context class loader, whoever caused it
 * to start: otherwise it could keep the class loader of a web application alive that merely
 * published first.
 */
final class RedisThreads {

    private static final int STOP_SECONDS = 2;

    private final DefaultEventLoopGroupProvider loops =
            new DefaultEventLoopGroupProvider(1, RedisThreads::factory);
    private final ClientResources resources;
    private final EventLoop loop;

    RedisThreads() {
        resources =
                DefaultClientResources.builder()
                        .threadFactoryProvider(RedisThreads::factory)
                        .eventLoopGroupProvider(loops)
                        .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                        .build();
        loop = loops.allocate(Transports.eventLoopGroupClass()).next();
    }

    private static ThreadFactory factory(String pool) {
        return new DefaultThreadFactory("channels-" + pool, true) {
            @Override
            protected Thread newThread(Runnable body, String name) {
                Thread thread = super.newThread(body, name);
                thread.setContextClassLoader(RedisClient.class.getClassLoader());
                return thread;
            }
        };
    }

    ClientResources resources() {
        return resources;
    }

    EventLoop loop() {
        return loop;
    }

    /** Ends all threads; completes when they have ended, after two seconds at most. */
    CompletionStage<Void> shutdown() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        // The client resources do not own a provider that was given to them.
        Future<Boolean> resourcesDone = resources.shutdown(0, STOP_SECONDS, TimeUnit.SECONDS);
        Future<Boolean> loopsDone = loops.shutdown(0, STOP_SECONDS, TimeUnit.SECONDS);
        resourcesDone.addListener(first -> loopsDone.addListener(second -> done.complete(null)));
        return done;
    }
}
