package dev.channels.backend.redis.connection;

import dev.channels.spi.BackendSink;
import dev.channels.spi.Backoff;
import dev.channels.spi.BrokerUnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a {@link Link} to Redis, from start to stop: opens it, has its user restore it, probes it,
 * and opens another after an outage. {@link LinkState} has the states.
 *
 * <p>The sink hears {@code disconnected} on the way out of CONNECTED and {@code connected} on the
 * way back; a start that succeeds at once is silent. Everything but {@link #start} and {@link
 * #stop} is for the loop only.
 */
public final class Connector {

    private static final Duration FIRST_DELAY = Duration.ofMillis(100);

    private final RedisSettings settings;
    private final BackendSink sink;
    private final LinkUser user;
    private final RedisLoop loop = new RedisLoop();
    private final ClientStart client;
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final LinkState state;
    private final Backoff backoff;
    private final AnswerGuard guard;
    private @Nullable LinkOpener opener;

    /** Makes a connector; it calls the user from the start on. */
    public Connector(RedisSettings settings, BackendSink sink, LinkUser user) {
        this.settings = settings;
        this.sink = sink;
        this.user = user;
        client = new ClientStart(settings.address());
        state = new LinkState(settings.maxDelay(), System::nanoTime);
        backoff = new Backoff(FIRST_DELAY, settings.maxDelay());
        guard = new AnswerGuard(settings, loop, this::lose);
    }

    /** Returns where everything runs. */
    public RedisLoop loop() {
        return loop;
    }

    /** Opens the first link; see {@link dev.channels.spi.ChannelsBackend#start}. */
    public CompletionStage<Void> start() {
        client.begin(loop)
                .whenComplete(
                        (made, failure) -> {
                            if (failure != null) {
                                started.completeExceptionally(failure);
                            } else {
                                loop.execute(() -> open(made));
                            }
                        });
        return started;
    }

    private void open(LinkOpener made) {
        opener = made;
        open();
    }

    /**
     * Gives everything up; called once, after {@link #start}.
     *
     * @return completes when all threads have ended
     */
    public CompletionStage<Void> stop() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        client.client()
                .thenAccept(
                        made -> {
                            if (made.isEmpty()
                                    || !loop.execute(() -> stopOnLoop(made.get(), done))) {
                                done.complete(null);
                            }
                        });
        return done;
    }

    private void stopOnLoop(ClientStart.Client made, CompletableFuture<Void> done) {
        BrokerUnavailableException cause =
                new BrokerUnavailableException("The backend was stopped", null);
        CompletionStage<Void> ended = close(state.stop().link(), cause);
        user.stopped(cause);
        started.completeExceptionally(cause);
        // The client complains about connections that are closed while it closes them.
        ended.handle((closed, failure) -> made.shutdown())
                .thenCompose(stage -> stage)
                .whenComplete((stopped, failure) -> done.complete(null));
    }

    /** The link, or null while Redis is away. */
    public @Nullable Link connectedLink() {
        return state.connected();
    }

    /** Returns the failure of what is asked while there is no link. */
    public BrokerUnavailableException away() {
        return new BrokerUnavailableException(
                "Redis at " + settings.address() + " is away; the backend reconnects by itself",
                null);
    }

    private void open() {
        LinkOpener opens = opener;
        int attempt = opens == null ? 0 : state.open();
        if (opens == null || attempt == 0) {
            return;
        }
        loop.after(
                settings.connectTimeout(),
                () ->
                        failed(
                                attempt,
                                new TimeoutException(
                                        "no connection in " + settings.connectTimeout())));
        loop.then(
                attempt(opens::open),
                (opened, failure) -> {
                    if (opened == null) {
                        failed(attempt, failure == null ? new IOException("no link") : failure);
                    } else if (state.opened(attempt, opened)) {
                        restore(opened);
                    } else {
                        opened.close();
                    }
                });
    }

    private void failed(int attempt, Throwable cause) {
        if (state.failed(attempt)) {
            retry(cause);
        }
    }

    private void restore(Link opened) {
        opened.onLost(
                () ->
                        loop.execute(
                                () -> lose(opened, new IOException("the connection was closed"))));
        opened.subscriber().addListener(user);
        loop.then(
                attempt(() -> user.restore(opened)),
                (restored, failure) -> {
                    if (failure != null) {
                        lose(opened, failure);
                    } else if (state.restored(opened)) {
                        connected(opened);
                    }
                });
    }

    /** What throws has failed. */
    private static <T> CompletionStage<T> attempt(Supplier<CompletionStage<T>> work) {
        try {
            return work.get();
        } catch (Throwable failure) {
            return CompletableFuture.failedStage(failure);
        }
    }

    private void connected(Link opened) {
        loop.after(settings.heartbeat(), () -> probe(opened));
        if (!started.complete(null)) {
            sink.connected();
        }
    }

    private void probe(Link probed) {
        if (state.uses(probed)) {
            try {
                user.probe(probed);
            } finally {
                loop.after(settings.heartbeat(), () -> probe(probed));
            }
        }
    }

    /** Gives a link up, and opens another later; does nothing if it was given up before. */
    public void lose(Link used, Throwable cause) {
        LinkState.Lost lost = state.lose(used);
        if (lost == null) {
            return;
        }
        if (lost.wasStable()) {
            backoff.reset();
        }
        try {
            // Nobody waits for the end of what is closed.
            CompletionStage<Void> unused = close(used, cause);
            if (lost.wasConnected()) {
                sink.disconnected(RedisFailures.unavailable(settings.address(), cause));
            }
        } finally {
            retry(cause);
        }
    }

    private CompletionStage<Void> close(@Nullable Link ended, Throwable cause) {
        if (ended != null) {
            ended.subscriber().removeListener(user);
        }
        CompletionStage<Void> closed =
                ended == null ? CompletableFuture.completedStage(null) : ended.close();
        user.lost(RedisFailures.unavailable(settings.address(), cause));
        return closed;
    }

    private void retry(Throwable cause) {
        loop.after(backoff.next(), this::open);
        started.completeExceptionally(RedisFailures.startFailure(settings.address(), cause));
    }

    /**
     * Watches over an answer.
     *
     * @return completes on the loop as the answer does, with a {@link BrokerUnavailableException}
     *     for a failure that passes; no answer in time, or one that another link would not give,
     *     also ends the link
     */
    public <T> CompletionStage<T> guard(Link used, CompletionStage<T> answer) {
        return guard.guard(used, 0, "answer", answer);
    }

    /**
     * Watches over something that is no answer.
     *
     * @param what what is missing, if it does not come in time
     */
    public <T> CompletionStage<T> guard(Link used, String what, CompletionStage<T> coming) {
        return guard.guard(used, 0, what, coming);
    }

    /**
     * Watches over an answer, longer the more has to be sent before it comes.
     *
     * @param bytes how much of payload the command carries
     */
    public <T> CompletionStage<T> guard(Link used, long bytes, CompletionStage<T> answer) {
        return guard.guard(used, bytes, "answer", answer);
    }
}
