package dev.channels.endpoint.policy;

import dev.channels.Caller;
import dev.channels.ChannelsException;
import dev.channels.ClientAuthenticator;
import dev.channels.ClientAuthorizer;
import dev.channels.ClientCredentials;
import dev.channels.ClientIntent;
import dev.channels.ClientPermit;
import dev.channels.ClientRefusedException;
import dev.channels.ErrorCode;
import dev.channels.UserChannels;
import dev.channels.endpoint.request.Refusal;
import dev.channels.endpoint.request.RefusalCounts;
import dev.channels.endpoint.task.Lane;
import dev.channels.endpoint.task.RecurringLog;
import dev.channels.spi.Causes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides who a client is and what it may do: by the policies, and then by the beans of the
 * application, of which the strictest wins. An answer that is late, null, or fails is never a way
 * in.
 *
 * <p>Safe for use by any thread.
 */
public final class ClientDecisions {

    /** Less than the five seconds that clients wait for the answer to a command. */
    static final Duration PATIENCE = Duration.ofSeconds(4);

    /** How many questions the application is asked at once, should it block all the same. */
    private static final int ASKING = 32;

    /** How many questions wait meanwhile; beyond it there is no answer in time anyway. */
    static final int MAX_WAITING = 5_000;

    private final @Nullable ClientAuthenticator authenticator;
    private final @Nullable ClientAuthorizer authorizer;
    private final Policies policies;
    private final Lane asking;
    private final ScheduledExecutorService scheduler;
    private final RecurringLog log;
    private final RefusalCounts refusals;

    /**
     * Makes what decides.
     *
     * @param executor runs the beans of the application; never on the calling thread
     * @param scheduler gives up waiting for them
     */
    public ClientDecisions(
            ClientCode code,
            Policies policies,
            Executor executor,
            ScheduledExecutorService scheduler,
            RecurringLog log,
            RefusalCounts refusals) {
        this.refusals = refusals;
        this.asking = new Lane(executor, ASKING, MAX_WAITING);
        this.authenticator = code.authenticator();
        this.authorizer = code.authorizer();
        this.policies = policies;
        this.scheduler = scheduler;
        this.log = log;
    }

    /**
     * Finds out who a client is that may have sent a token.
     *
     * @param credentials what it sent
     * @return completes with the caller: the container's where the application has no {@link
     *     ClientAuthenticator}; or with a {@link ClientRefusedException}, or, where it cannot be
     *     found out now, with {@link ErrorCode#CLIENT_CODE_FAILED}
     */
    public CompletionStage<Caller> authenticate(ClientCredentials credentials) {
        ClientAuthenticator asked = authenticator;
        if (asked != null) {
            return counting(
                    answer(asked, () -> asked.authenticate(credentials)), refusals::identity);
        }
        if (!credentials.token().isEmpty()) {
            refusals.identity();
        }
        return credentials.token().isEmpty()
                ? CompletableFuture.completedFuture(credentials.caller())
                : CompletableFuture.failedFuture(
                        new ClientRefusedException("Nobody here can check a token"));
    }

    /**
     * Decides whether a caller may do something.
     *
     * @param intent who wants to do what
     * @return completes with a permit, or as {@link #authenticate} does otherwise
     */
    public CompletionStage<ClientPermit> authorize(ClientIntent intent) {
        if (intent.channel().equals(UserChannels.OF_NOBODY)) {
            refusals.policy();
            return CompletableFuture.failedFuture(
                    new ClientRefusedException("The nodes talk to each other there"));
        }
        if (!permits(intent.caller(), intent.action(), intent.channel())) {
            refusals.policy();
            return CompletableFuture.failedFuture(
                    new ClientRefusedException("No policy permits this caller to do that"));
        }
        ClientAuthorizer asked = authorizer;
        return asked == null
                ? CompletableFuture.completedFuture(ClientPermit.GRANTED)
                : counting(answer(asked, () -> asked.authorize(intent)), refusals::policy);
    }

    private static <T> CompletionStage<T> counting(CompletionStage<T> answer, Runnable refused) {
        return answer.whenComplete(
                (given, failure) -> {
                    if (failure != null && Causes.of(failure) instanceof ClientRefusedException) {
                        refused.run();
                    }
                });
    }

    /**
     * Tells whether policies permit something; the channel of a user is for that user only.
     *
     * @param caller who wants it
     * @param action what
     * @param channel where
     * @return whether they do; the application may still refuse it
     */
    public boolean permits(Caller caller, ClientIntent.Action action, String channel) {
        Policy policy = policies.of(channel);
        Access access =
                switch (action) {
                    case SUBSCRIBE -> policy.subscribe();
                    case PUBLISH -> policy.publish();
                    case PRESENCE -> policy.presence();
                };
        return access.permits(caller) && !isOfAnotherUser(caller, action, channel);
    }

    /** Who may publish to users from a client is for a policy to say. */
    private static boolean isOfAnotherUser(
            Caller caller, ClientIntent.Action action, String channel) {
        return UserChannels.contains(channel)
                && action != ClientIntent.Action.PUBLISH
                && !UserChannels.belongsTo(channel, caller);
    }

    private <T> CompletionStage<T> answer(Object bean, Supplier<CompletionStage<T>> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Runnable task =
                () -> {
                    if (!answer.isDone()) {
                        ask(bean, question, answer);
                    }
                };
        giveUpLater(answer, bean, task);
        // Not here: this may be the scheduler, or the thread that sends to other clients.
        if (!answer.isDone() && !asking.offer(task)) {
            String busy = "is being asked, and " + MAX_WAITING + " questions wait already";
            answer.completeExceptionally(failed(bean, busy, null));
        }
        return answer;
    }

    private <T> void ask(
            Object bean, Supplier<CompletionStage<T>> question, CompletableFuture<T> answer) {
        try {
            question.get()
                    .whenComplete(
                            (given, failure) -> {
                                if (failure == null && given != null) {
                                    answer.complete(given);
                                } else {
                                    answer.completeExceptionally(refusal(bean, failure));
                                }
                            });
        } catch (Throwable e) {
            answer.completeExceptionally(refusal(bean, e));
        }
    }

    /** What is given up must not wait on, with its token and data. */
    private void giveUpLater(CompletableFuture<?> answer, Object bean, Runnable task) {
        try {
            Future<?> bound =
                    scheduler.schedule(
                            () -> {
                                if (!answer.isDone()) {
                                    String late =
                                            "has not answered for " + PATIENCE.toSeconds() + " s";
                                    asking.remove(task);
                                    answer.completeExceptionally(failed(bean, late, null));
                                }
                            },
                            PATIENCE.toSeconds(),
                            TimeUnit.SECONDS);
            var unused = answer.whenComplete((given, failure) -> bound.cancel(false));
        } catch (Throwable e) {
            // Whatever a container throws that is being stopped.
            answer.completeExceptionally(failed(bean, "cannot be waited for", e));
        }
    }

    private ChannelsException refusal(Object bean, @Nullable Throwable failure) {
        Throwable cause = failure == null ? null : Causes.of(failure);
        if (cause instanceof ClientRefusedException refused) {
            return refused;
        }
        // Not its message, which may hold what the client sent.
        return failed(
                bean,
                cause == null ? "answered null" : "failed with " + cause.getClass().getName(),
                cause);
    }

    private ChannelsException failed(Object bean, String what, @Nullable Throwable cause) {
        String message =
                bean.getClass().getName() + " " + what + ", so a client is refused for now.";
        log.warn(ErrorCode.CLIENT_CODE_FAILED, message, cause);
        return new ChannelsException(ErrorCode.CLIENT_CODE_FAILED, message, cause);
    }

    /**
     * What was decided of an intent.
     *
     * @param refusal why not, or null
     * @param expiry until when, if it may; null for as long as the client is connected
     */
    public record Verdict(@Nullable Refusal refusal, @Nullable Instant expiry) {

        private static Verdict no(Refusal refusal) {
            return new Verdict(refusal, null);
        }
    }

    /**
     * Decides about a connection whose client says later what it wants. It ends with the caller of
     * its handshake, unless the application can be shown a token instead.
     */
    public Verdict ofConnection(Caller caller) {
        Instant end = authenticator == null ? caller.expiry() : null;
        return end != null && !end.isAfter(Instant.now())
                ? Verdict.no(Refusal.UNKNOWN_CALLER)
                : new Verdict(null, end);
    }

    /** Decides about an intent, waiting for the answer. */
    public Verdict await(ClientIntent intent) {
        return await(intent.caller(), List.of(intent));
    }

    /**
     * Decides about several intents, waiting for all answers, which are asked for at once.
     *
     * @return the first refusal, or the earliest end, that of the caller included
     */
    public Verdict await(Caller caller, List<ClientIntent> intents) {
        List<CompletableFuture<ClientPermit>> asked =
                intents.stream().map(intent -> authorize(intent).toCompletableFuture()).toList();
        long start = System.nanoTime();
        Instant end = caller.expiry();
        try {
            for (CompletableFuture<ClientPermit> answer : asked) {
                long left = 2 * PATIENCE.toNanos() - (System.nanoTime() - start);
                Instant expiry = answer.get(Math.max(0, left), TimeUnit.NANOSECONDS).expiry();
                if (expiry != null && (end == null || expiry.isBefore(end))) {
                    end = expiry;
                }
            }
            return end != null && !end.isAfter(Instant.now())
                    ? Verdict.no(refusalOf(caller))
                    : new Verdict(null, end);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Verdict.no(Refusal.UNDECIDED);
        } catch (Exception e) {
            return Verdict.no(
                    e.getCause() instanceof ClientRefusedException
                            ? refusalOf(caller)
                            : Refusal.UNDECIDED);
        }
    }

    private static Refusal refusalOf(Caller caller) {
        return caller.isAnonymous() ? Refusal.UNKNOWN_CALLER : Refusal.FORBIDDEN;
    }
}
