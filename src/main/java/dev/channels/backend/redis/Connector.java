package dev.channels.backend.redis;

import dev.channels.spi.BackendSink;
import dev.channels.spi.Backoff;
import dev.channels.spi.BrokerUnavailableException;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a link to Redis, from start to stop: opens it, has its traffic restored, probes it, and
 * opens another after an outage.
 *
 * <pre>
 *              start()            all connections open         every subscription in force
 *   STOPPED ───────────▶ OPENING ──────────────────▶ RESTORING ──────────────▶ CONNECTED
 *      ▲                 ▲     │ failed, or too slow      │                        │
 *      │           delay │     ▼                          │                        │ lost, no answer,
 *      │ stop()          │   WAITING ◀────────────────────┴────────────────────────┘ not a master
 *      └── any state     └─────┘
 * </pre>
 *
 * <p>The sink hears {@code disconnected} on the way out of CONNECTED and {@code connected} on the
 * way back; a start that succeeds at once is silent. All state is touched by the loop only.
 */
final class Connector {

    /** The slowest way to Redis that is waited for: 1 MiB per second. */
    private static final long BYTES_PER_MILLISECOND = (1 << 20) / 1000;

    private static final Duration FIRST_DELAY = Duration.ofMillis(100);

    private final RedisSettings settings;
    private final BackendSink sink;
    private final Traffic traffic;
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final Backoff backoff;

    // Written once, before started completes
    private @Nullable RedisThreads threads;
    private @Nullable LinkOpener opener;

    // Touched by the loop only
    private @Nullable Link link;
    private boolean connected;
    private boolean stopped;
    private int attempt;
    private long connectedAt;

    /** Bytes of payload on their way to Redis: an answer comes after all that was sent before. */
    private long unanswered;

    /** Makes a connector; it calls the traffic from the start on. */
    Connector(RedisSettings settings, BackendSink sink, Traffic traffic) {
        this.settings = settings;
        this.sink = sink;
        backoff = new Backoff(FIRST_DELAY, settings.maxDelay());
        this.traffic = traffic;
    }

    /** Begins on a thread of its own: to load the client alone takes a good part of a second. */
    CompletionStage<Void> start() {
        Thread thread = new Thread(this::begin, "channels-redis-start");
        thread.setDaemon(true);
        thread.setContextClassLoader(Connector.class.getClassLoader());
        thread.start();
        return started;
    }

    private void begin() {
        try {
            RedisThreads made = new RedisThreads();
            threads = made;
            RedisAddress address = settings.address();
            opener =
                    address.cluster()
                            ? new ClusterRedis(made.resources(), address.uris())
                            : new SingleRedis(made.resources(), address.uris().get(0));
            made.loop().execute(this::open);
        } catch (Throwable failure) {
            started.completeExceptionally(failure);
        }
    }

    CompletionStage<Void> stop() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (!execute(() -> stopOnLoop(done))) {
            done.complete(null);
        }
        return done;
    }

    private void stopOnLoop(CompletableFuture<Void> done) {
        LinkOpener closing = opener;
        RedisThreads running = Objects.requireNonNull(threads);
        stopped = true;
        BrokerUnavailableException cause =
                new BrokerUnavailableException("The backend was stopped", null);
        CompletionStage<Void> ended = end(cause);
        traffic.stopped(cause);
        // The client complains about connections that are closed while it closes them.
        ended.handle(
                        (closed, failure) ->
                                closing == null
                                        ? CompletableFuture.<Void>completedStage(null)
                                        : closing.shutdown())
                .thenCompose(Function.identity())
                .handle((closed, failure) -> running.shutdown())
                .thenCompose(Function.identity())
                .whenComplete((stoppedNow, failure) -> done.complete(null));
    }

    /**
     * Runs a task on the loop.
     *
     * @return whether it will run: not before the start, nor after the stop
     */
    boolean execute(Runnable task) {
        RedisThreads running = threads;
        if (running == null) {
            return false;
        }
        try {
            running.loop().execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Runs a task on the loop that completes a stage, now or later, or fails it by throwing. */
    <T> CompletionStage<T> call(Consumer<CompletableFuture<T>> task) {
        CompletableFuture<T> done = new CompletableFuture<>();
        Runnable caught =
                () -> {
                    try {
                        task.accept(done);
                    } catch (Throwable failure) {
                        done.completeExceptionally(failure);
                    }
                };
        if (!execute(caught)) {
            done.completeExceptionally(new IllegalStateException("The backend is not running"));
        }
        return done;
    }

    /** The link, or null while Redis is away. */
    @Nullable Link connectedLink() {
        return connected ? link : null;
    }

    BrokerUnavailableException away() {
        return new BrokerUnavailableException(
                "Redis at " + settings.address() + " is away; the backend reconnects by itself",
                null);
    }

    private void open() {
        if (stopped) {
            return;
        }
        int mine = ++attempt;
        after(
                () -> {
                    if (mine == attempt && link == null) {
                        retry(
                                new TimeoutException(
                                        "no connection in " + settings.connectTimeout()));
                    }
                },
                settings.connectTimeout());
        onLoop(
                Objects.requireNonNull(opener).open(),
                (opened, failure) -> {
                    if (opened != null) {
                        if (mine == attempt && !stopped) {
                            restore(opened);
                        } else {
                            opened.close();
                        }
                    } else if (failure != null && mine == attempt && !stopped) {
                        retry(failure);
                    }
                });
    }

    private void restore(Link opened) {
        link = opened;
        opened.onLost(
                () -> execute(() -> lose(opened, new IOException("the connection was closed"))));
        opened.subscriber().addListener(traffic);
        onLoop(
                traffic.restore(opened),
                (restored, failure) -> {
                    if (link == opened) {
                        if (failure == null) {
                            connected(opened);
                        } else {
                            lose(opened, failure);
                        }
                    }
                });
    }

    private void connected(Link opened) {
        connected = true;
        connectedAt = System.nanoTime();
        if (!started.complete(null)) {
            sink.connected();
        }
        after(() -> probe(opened), settings.heartbeat());
    }

    private void probe(Link probed) {
        if (link == probed) {
            traffic.probe(probed);
            after(() -> probe(probed), settings.heartbeat());
        }
    }

    /** Gives a link up, and opens another later; does nothing if it was given up before. */
    void lose(Link lost, Throwable cause) {
        if (link == lost) {
            boolean wasConnected = connected;
            if (wasConnected && held(settings.maxDelay())) {
                backoff.reset();
            }
            // Nobody waits for the end of what is closed.
            CompletionStage<Void> unused = end(cause);
            if (wasConnected) {
                sink.disconnected(RedisFailures.unavailable(settings.address(), cause));
            }
            retry(cause);
        }
    }

    private boolean held(Duration atLeast) {
        return System.nanoTime() - connectedAt > atLeast.toNanos();
    }

    private CompletionStage<Void> end(Throwable cause) {
        Link ended = link;
        link = null;
        connected = false;
        attempt++;
        if (ended != null) {
            ended.subscriber().removeListener(traffic);
        }
        traffic.lost(RedisFailures.unavailable(settings.address(), cause));
        return ended == null ? CompletableFuture.completedStage(null) : ended.close();
    }

    private void retry(Throwable cause) {
        int mine = ++attempt;
        after(
                () -> {
                    if (mine == attempt) {
                        open();
                    }
                },
                backoff.next());
        started.completeExceptionally(RedisFailures.unavailable(settings.address(), cause));
    }

    /**
     * Watches over an answer.
     *
     * @return completes on the loop as the answer does, with a {@link BrokerUnavailableException}
     *     for a failure that passes; no answer in time, or one that another link would not give,
     *     also ends the link
     */
    <T> CompletionStage<T> guard(Link used, CompletionStage<T> answer) {
        return guard(used, 0, answer);
    }

    /**
     * Watches over an answer, longer the more has to be sent before it comes.
     *
     * @param bytes how much of payload the command carries
     */
    <T> CompletionStage<T> guard(Link used, long bytes, CompletionStage<T> answer) {
        CompletableFuture<T> guarded = new CompletableFuture<>();
        unanswered += bytes;
        Duration patience =
                settings.commandTimeout().plusMillis(unanswered / BYTES_PER_MILLISECOND);
        Future<?> deadline =
                schedule(
                        () -> {
                            TimeoutException late =
                                    new TimeoutException("no answer in " + patience);
                            lose(used, late);
                            guarded.completeExceptionally(
                                    RedisFailures.unavailable(settings.address(), late));
                        },
                        patience);
        onLoop(
                answer,
                (value, failure) -> {
                    deadline.cancel(false);
                    if (failure == null) {
                        guarded.complete(value);
                    } else if (RedisFailures.passes(failure)) {
                        if (RedisFailures.endsLink(failure)) {
                            lose(used, failure);
                        }
                        guarded.completeExceptionally(
                                RedisFailures.unavailable(settings.address(), failure));
                    } else {
                        guarded.completeExceptionally(RedisFailures.unwrap(failure));
                    }
                });
        return guarded.whenComplete((value, failure) -> unanswered -= bytes);
    }

    /** Completes one stage as the other does. */
    static <T> void forward(CompletionStage<T> from, CompletableFuture<T> to) {
        from.whenComplete(
                (value, failure) -> {
                    if (failure == null) {
                        to.complete(value);
                    } else {
                        to.completeExceptionally(RedisFailures.unwrap(failure));
                    }
                });
    }

    private EventLoop loop() {
        return Objects.requireNonNull(threads).loop();
    }

    private void after(Runnable task, Duration delay) {
        // Never cancelled: each task sees for itself whether its time has passed.
        Future<?> unused = schedule(task, delay);
    }

    private Future<?> schedule(Runnable task, Duration delay) {
        return loop().schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private <T> void onLoop(
            CompletionStage<T> stage, BiConsumer<@Nullable T, @Nullable Throwable> then) {
        stage.whenComplete(
                (value, failure) -> {
                    if (loop().inEventLoop()) {
                        then.accept(value, failure);
                    } else {
                        execute(() -> then.accept(value, failure));
                    }
                });
    }
}
