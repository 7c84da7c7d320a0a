package dev.channels.endpoint.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.Caller;
import dev.channels.ChannelsException;
import dev.channels.ClientAuthenticator;
import dev.channels.ClientAuthorizer;
import dev.channels.ClientCredentials;
import dev.channels.ClientIntent;
import dev.channels.ClientIntent.Action;
import dev.channels.ClientPermit;
import dev.channels.ClientRefusedException;
import dev.channels.ErrorCode;
import dev.channels.UserChannels;
import dev.channels.endpoint.request.Refusal;
import dev.channels.endpoint.request.RefusalCounts;
import dev.channels.endpoint.task.RecurringLog;
import dev.channels.test.LogCapture;
import dev.channels.test.ManualExecutor;
import dev.channels.test.ManualScheduler;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.util.Throwables;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClientDecisionsTest {

    private static final Caller ALICE = Caller.named("alice").withGroups(List.of("admin"));
    private static final Caller BOB = Caller.named("bob");
    private static final Access ADMINS = new Access(List.of("admin"));

    private ScheduledExecutorService scheduler = new ManualScheduler();
    private final RefusalCounts refusals = new RefusalCounts();
    private Executor executor = Runnable::run;

    private ClientDecisions decisions(
            @Nullable ClientAuthenticator authenticator, @Nullable ClientAuthorizer authorizer) {
        Policy policy =
                new Policy(List.of("news"), Access.EVERYBODY, ADMINS, Access.NOBODY, false, true);
        return new ClientDecisions(
                new ClientCode(authenticator, authorizer),
                new Policies(List.of(policy)),
                executor,
                scheduler,
                new RecurringLog(System::nanoTime),
                refusals);
    }

    private static ClientIntent intent(Caller caller, Action action) {
        return intent(caller, action, "news");
    }

    private static ClientIntent intent(Caller caller, Action action, String channel) {
        return new ClientIntent(caller, action, channel, "", new byte[0]);
    }

    private static ClientCredentials credentials(String token) {
        return new ClientCredentials(BOB, token, new byte[0]);
    }

    /** Returns how a stage ended: its value, or the code of what it failed with. */
    private static Object end(CompletionStage<?> stage) {
        CompletableFuture<?> future = stage.toCompletableFuture();
        assertThat(future).isDone();
        try {
            return future.join();
        } catch (CompletionException e) {
            return ((ChannelsException) e.getCause()).errorCode();
        }
    }

    @Test
    void policyDecidesEachAction() {
        ClientDecisions decisions = decisions(null, null);
        assertThat(end(decisions.authorize(intent(BOB, Action.SUBSCRIBE))))
                .isEqualTo(ClientPermit.GRANTED);
        assertThat(end(decisions.authorize(intent(BOB, Action.PUBLISH))))
                .isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(end(decisions.authorize(intent(ALICE, Action.PUBLISH))))
                .isEqualTo(ClientPermit.GRANTED);
        assertThat(end(decisions.authorize(intent(ALICE, Action.PRESENCE))))
                .isEqualTo(ErrorCode.FORBIDDEN);
    }

    @Test
    void authorizerCanOnlyRefuseWhatThePolicyPermits() {
        ClientPermit permit = new ClientPermit(null, "{}");
        ClientDecisions yes = decisions(null, it -> CompletableFuture.completedFuture(permit));
        assertThat(end(yes.authorize(intent(BOB, Action.SUBSCRIBE)))).isEqualTo(permit);
        assertThat(end(yes.authorize(intent(BOB, Action.PUBLISH)))).isEqualTo(ErrorCode.FORBIDDEN);
        ClientDecisions no =
                decisions(
                        null,
                        it -> CompletableFuture.failedFuture(new ClientRefusedException("no")));
        assertThat(end(no.authorize(intent(ALICE, Action.PUBLISH)))).isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(no.await(intent(ALICE, Action.SUBSCRIBE)).refusal())
                .isEqualTo(Refusal.FORBIDDEN);
        assertThat(no.await(intent(Caller.ANONYMOUS, Action.SUBSCRIBE)).refusal())
                .isEqualTo(Refusal.UNKNOWN_CALLER);
        assertThat(yes.await(intent(ALICE, Action.SUBSCRIBE)).refusal()).isNull();
    }

    @Test
    void aPermitThatHasEndedIsNone() {
        Instant later = Instant.now().plusSeconds(60);
        AtomicReference<Instant> expiry = new AtomicReference<>(later);
        ClientDecisions decisions =
                decisions(
                        null,
                        it ->
                                CompletableFuture.completedFuture(
                                        new ClientPermit(expiry.get(), null)));
        ClientDecisions.Verdict verdict = decisions.await(intent(ALICE, Action.SUBSCRIBE));
        assertThat(verdict).isEqualTo(new ClientDecisions.Verdict(null, later));
        expiry.set(Instant.now());
        assertThat(decisions.await(intent(ALICE, Action.SUBSCRIBE)).refusal())
                .isEqualTo(Refusal.FORBIDDEN);
    }

    @Test
    void whatACallerMayEndsWithTheCallerAtTheLatest() {
        Instant soon = Instant.now().plusSeconds(60);
        ClientDecisions decisions =
                decisions(
                        null,
                        it ->
                                CompletableFuture.completedFuture(
                                        new ClientPermit(soon.plusSeconds(1), null)));
        assertThat(decisions.await(intent(ALICE.withExpiry(soon), Action.SUBSCRIBE)))
                .isEqualTo(new ClientDecisions.Verdict(null, soon));
        assertThat(
                        decisions
                                .await(intent(ALICE.withExpiry(Instant.now()), Action.SUBSCRIBE))
                                .refusal())
                .isEqualTo(Refusal.FORBIDDEN);
    }

    @Test
    void aConnectionEndsWithItsCallerUnlessATokenCanBeShownInstead() {
        Instant soon = Instant.now().plusSeconds(60);
        ClientDecisions alone = decisions(null, null);
        assertThat(alone.ofConnection(ALICE.withExpiry(soon)).expiry()).isEqualTo(soon);
        assertThat(alone.ofConnection(ALICE)).isEqualTo(new ClientDecisions.Verdict(null, null));
        assertThat(alone.ofConnection(ALICE.withExpiry(Instant.now())).refusal())
                .isEqualTo(Refusal.UNKNOWN_CALLER);
        ClientDecisions asking =
                decisions(it -> CompletableFuture.completedFuture(it.caller()), null);
        assertThat(asking.ofConnection(ALICE.withExpiry(Instant.now())))
                .isEqualTo(new ClientDecisions.Verdict(null, null));
    }

    @Test
    void theChannelOfAUserIsForThatUserOnly() {
        ClientDecisions decisions =
                decisions(null, it -> CompletableFuture.completedFuture(ClientPermit.GRANTED));
        for (Action action : List.of(Action.SUBSCRIBE, Action.PRESENCE)) {
            for (String channel : List.of("#bob", "#Alice", "#alice ", "#alic", "#alice2", "#")) {
                assertThat(end(decisions.authorize(intent(ALICE, action, channel))))
                        .as(channel)
                        .isEqualTo(ErrorCode.FORBIDDEN);
            }
        }
        assertThat(end(decisions.authorize(intent(ALICE, Action.SUBSCRIBE, "#alice"))))
                .isEqualTo(ClientPermit.GRANTED);
        // Names are exact: what looks the same is another user's.
        Caller zoe = Caller.named("Zo\u00eb");
        assertThat(end(decisions.authorize(intent(zoe, Action.SUBSCRIBE, "#Zo\u00eb"))))
                .isEqualTo(ClientPermit.GRANTED);
        for (String channel :
                List.of("#Zoe\u0308", "#Zo\u00cb", "#\uff3ao\u00eb", "#Zo\u00eb\u200b")) {
            assertThat(end(decisions.authorize(intent(zoe, Action.SUBSCRIBE, channel))))
                    .as(channel)
                    .isEqualTo(ErrorCode.FORBIDDEN);
        }
        assertThat(end(decisions.authorize(intent(Caller.ANONYMOUS, Action.SUBSCRIBE, "#"))))
                .isEqualTo(ErrorCode.FORBIDDEN);
    }

    @Test
    void whatTheNodesTellEachOtherIsForNoClient() {
        Policy open =
                new Policy(
                        List.of("#*"),
                        Access.EVERYBODY,
                        Access.EVERYBODY,
                        Access.EVERYBODY,
                        false,
                        true);
        ClientDecisions decisions =
                new ClientDecisions(
                        ClientCode.NONE,
                        new Policies(List.of(open)),
                        executor,
                        scheduler,
                        new RecurringLog(System::nanoTime),
                        refusals);
        assertThat(end(decisions.authorize(intent(ALICE, Action.PUBLISH, "#bob"))))
                .isEqualTo(ClientPermit.GRANTED);
        for (Action action : Action.values()) {
            assertThat(end(decisions.authorize(intent(ALICE, action, UserChannels.OF_NOBODY))))
                    .isEqualTo(ErrorCode.FORBIDDEN);
        }
    }

    @Test
    void failureIsNeverAWayInAndALineWithoutWhatTheClientSent() {
        List<ClientAuthorizer> broken =
                List.of(
                        it -> null,
                        it -> CompletableFuture.completedFuture(null),
                        it -> CompletableFuture.failedFuture(new IllegalStateException("secret")),
                        it -> {
                            throw new StackOverflowError("secret");
                        });
        for (ClientAuthorizer authorizer : broken) {
            try (LogCapture log = new LogCapture()) {
                ClientDecisions decisions = decisions(null, authorizer);
                assertThat(end(decisions.authorize(intent(ALICE, Action.SUBSCRIBE))))
                        .isEqualTo(ErrorCode.CLIENT_CODE_FAILED);
                assertThat(decisions.await(intent(ALICE, Action.SUBSCRIBE)).refusal())
                        .isEqualTo(Refusal.UNDECIDED);
                assertThat(log.messages("CHANNELS0030"))
                        .hasSize(1)
                        .noneMatch(line -> line.contains("secret"));
                Throwable trace = log.records().get(0).getThrown();
                assertThat(trace == null ? "" : Throwables.getStackTrace(trace))
                        .doesNotContain("secret");
            }
        }
    }

    @Test
    void answerThatIsLateIsARefusal() {
        CompletableFuture<ClientPermit> late = new CompletableFuture<>();
        CompletionStage<ClientPermit> decided =
                decisions(null, it -> late).authorize(intent(ALICE, Action.SUBSCRIBE));
        assertThat(decided.toCompletableFuture()).isNotDone();
        try (LogCapture log = new LogCapture()) {
            ((ManualScheduler) scheduler).runNext();
            assertThat(log.messages("CHANNELS0030")).hasSize(1);
        }
        late.complete(ClientPermit.GRANTED);
        assertThat(end(decided)).isEqualTo(ErrorCode.CLIENT_CODE_FAILED);
    }

    @Test
    void theApplicationIsAskedOnTheExecutorAndNotOnceItIsTooLate() {
        ManualExecutor later = new ManualExecutor();
        executor = later;
        AtomicInteger asked = new AtomicInteger();
        ClientDecisions decisions =
                decisions(
                        null,
                        it -> {
                            asked.incrementAndGet();
                            return CompletableFuture.completedFuture(ClientPermit.GRANTED);
                        });
        CompletionStage<ClientPermit> first = decisions.authorize(intent(ALICE, Action.SUBSCRIBE));
        assertThat(asked).hasValue(0);
        later.runAll();
        assertThat(end(first)).isEqualTo(ClientPermit.GRANTED);
        CompletionStage<ClientPermit> late = decisions.authorize(intent(ALICE, Action.SUBSCRIBE));
        try (LogCapture log = new LogCapture()) {
            ((ManualScheduler) scheduler).runNext();
            ((ManualScheduler) scheduler).runNext();
            assertThat(log.messages("CHANNELS0030")).hasSize(1);
        }
        later.runAll();
        assertThat(end(late)).isEqualTo(ErrorCode.CLIENT_CODE_FAILED);
        assertThat(asked).hasValue(1);
    }

    @Test
    void questionsDoNotPileUpWhereTheApplicationHangs() {
        executor = new ManualExecutor();
        ClientDecisions decisions = decisions(null, it -> new CompletableFuture<>());
        ClientIntent intent = intent(ALICE, Action.SUBSCRIBE);
        try (LogCapture log = new LogCapture()) {
            for (int i = 0; i < ClientDecisions.MAX_WAITING; i++) {
                assertThat(decisions.authorize(intent).toCompletableFuture()).isNotDone();
            }
            assertThat(end(decisions.authorize(intent))).isEqualTo(ErrorCode.CLIENT_CODE_FAILED);
            ((ManualScheduler) scheduler).runNext();
            assertThat(decisions.authorize(intent).toCompletableFuture())
                    .as("a question after one has been given up")
                    .isNotDone();
            assertThat(end(decisions.authorize(intent))).isEqualTo(ErrorCode.CLIENT_CODE_FAILED);
            assertThat(log.messages("CHANNELS0030")).hasSize(1);
        }
    }

    @Test
    void aSchedulerThatThrowsWhateverItLikesLeavesNoDecisionOpen() {
        scheduler =
                new ScheduledThreadPoolExecutor(0) {
                    @Override
                    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
                        throw new NoClassDefFoundError("the application is gone");
                    }
                };
        ClientDecisions decisions = decisions(null, it -> new CompletableFuture<>());
        try (LogCapture log = new LogCapture()) {
            assertThat(end(decisions.authorize(intent(ALICE, Action.SUBSCRIBE))))
                    .isEqualTo(ErrorCode.CLIENT_CODE_FAILED);
            assertThat(log.messages("CHANNELS0030")).hasSize(1);
        }
    }

    @Test
    void callerIsTheContainersUnlessABeanSaysOtherwise() {
        assertThat(end(decisions(null, null).authenticate(credentials("")))).isEqualTo(BOB);
        assertThat(end(decisions(null, null).authenticate(credentials("token"))))
                .as("a token that nobody checks")
                .isEqualTo(ErrorCode.FORBIDDEN);
        ClientAuthenticator toAlice = it -> CompletableFuture.completedFuture(ALICE);
        assertThat(end(decisions(toAlice, null).authenticate(credentials("t")))).isEqualTo(ALICE);
    }

    @Test
    void nothingSecretIsShown() {
        assertThat(credentials("token")).asString().doesNotContain("token", "bob");
        assertThat(new ClientIntent(BOB, Action.PUBLISH, "news", "token", new byte[0]))
                .asString()
                .doesNotContain("token", "bob");
    }
}
