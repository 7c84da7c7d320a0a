package dev.channels.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.Caller;
import dev.channels.ClientAuthorizer;
import dev.channels.ClientPermit;
import dev.channels.ClientRefusedException;
import dev.channels.endpoint.connection.Ending;
import dev.channels.endpoint.connection.OpenConnection;
import dev.channels.endpoint.policy.Access;
import dev.channels.endpoint.policy.ClientCode;
import dev.channels.endpoint.policy.DoorsFixture;
import dev.channels.endpoint.policy.Policy;
import dev.channels.endpoint.request.FakeRequest;
import dev.channels.endpoint.request.Handshake;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequestJudgeTest {

    private static final Caller ALICE = Caller.named("alice").withGroups(List.of("admin"));
    private static final Instant SOON = Instant.now().plusSeconds(3600);

    /** Permits what is named after a number for so many seconds from then on, and one for ever. */
    private static final ClientAuthorizer AUTHORIZER =
            intent ->
                    switch (intent.channel()) {
                        case "ever" -> CompletableFuture.completedFuture(ClientPermit.GRANTED);
                        case "refused" ->
                                CompletableFuture.failedFuture(new ClientRefusedException("No"));
                        case "broken" ->
                                CompletableFuture.failedFuture(new IllegalStateException());
                        default ->
                                CompletableFuture.completedFuture(
                                        new ClientPermit(
                                                SOON.plusSeconds(Long.parseLong(intent.channel())),
                                                null));
                    };

    private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
    private final Doors doors =
            new Doors(
                    null,
                    DoorsFixture.settings(
                            Duration.ofHours(1),
                            2,
                            1,
                            new Policy(
                                    List.of("7"),
                                    new Access(List.of("admin")),
                                    Access.NOBODY,
                                    Access.NOBODY,
                                    false,
                                    true)),
                    new ClientCode(null, AUTHORIZER),
                    Runnable::run,
                    scheduler);
    private final RequestJudge judge = new RequestJudge(doors);
    private final FakeRequest fake = new FakeRequest("/sec/sse");

    RequestJudgeTest() {
        doors.recognise(this);
    }

    @AfterEach
    void stop() {
        scheduler.shutdownNow();
    }

    // ---- Origin

    @Test
    void pageOfTheSameOriginMayHaveTheAnswer() throws Exception {
        fake.header("Origin", "http://app.example.org");
        assertThat(judge.admitsOrigin(fake.request, fake.response)).isTrue();
        assertThat(fake.status).isZero();
        assertThat(fake.answer)
                .containsEntry("Access-Control-Allow-Origin", "http://app.example.org")
                .containsEntry("Access-Control-Allow-Credentials", "true")
                .containsEntry("Vary", "Origin, Sec-Fetch-Site");
    }

    @Test
    void pageOfAnyOriginMayHaveTheAnswerWithoutCredentials() throws Exception {
        Doors open =
                new Doors(
                        null,
                        DoorsFixture.settings("*"),
                        ClientCode.NONE,
                        Runnable::run,
                        scheduler);
        fake.header("Origin", "http://evil.example.org");
        assertThat(new RequestJudge(open).admitsOrigin(fake.request, fake.response)).isTrue();
        assertThat(fake.answer)
                .containsEntry("Access-Control-Allow-Origin", "*")
                .containsEntry("Cross-Origin-Resource-Policy", "cross-origin")
                .doesNotContainKey("Access-Control-Allow-Credentials");
    }

    @Test
    void pageOfAnotherOriginGetsNothing() throws Exception {
        fake.header("Origin", "http://evil.example.org");
        assertThat(judge.admitsOrigin(fake.request, fake.response)).isFalse();
        assertThat(fake.status).isEqualTo(403);
        assertThat(fake.answer).doesNotContainKey("Access-Control-Allow-Origin");
    }

    @Test
    void twoOriginsAreRefused() throws Exception {
        fake.header("Origin", "http://app.example.org");
        fake.header("Origin", "http://app.example.org");
        assertThat(judge.admitsOrigin(fake.request, fake.response)).isFalse();
    }

    @Test
    void whatIsNoBrowserIsLetThrough() throws Exception {
        assertThat(judge.admitsOrigin(fake.request, fake.response)).isTrue();
        assertThat(fake.answer)
                .containsOnlyKeys("Vary", "X-Content-Type-Options", "Cross-Origin-Resource-Policy");
    }

    @Test
    void imageOfAnotherSiteIsRefusedThoughItHasNoOrigin() throws Exception {
        fake.header("Sec-Fetch-Site", "cross-site").header("Sec-Fetch-Mode", "no-cors");
        assertThat(judge.admitsOrigin(fake.request, fake.response)).isFalse();
        assertThat(fake.status).isEqualTo(403);
        assertThat(fake.answer)
                .containsEntry("X-Content-Type-Options", "nosniff")
                .containsEntry("Cross-Origin-Resource-Policy", "same-origin");
    }

    // ---- Caller and limits

    @Test
    void callerIsFound() throws Exception {
        fake.principal = () -> "alice";
        fake.roles.add("admin");
        Handshake handshake = admit("ever");
        assertThat(handshake).isNotNull();
        assertThat(handshake.door()).isEqualTo("sse");
        assertThat(handshake.caller()).isEqualTo(ALICE);
        assertThat(handshake.channel()).isNull();
    }

    @Test
    void callerWhoHasEnoughIsToldWhenToComeBack() throws Exception {
        open("alice");
        fake.principal = () -> "alice";
        assertThat(admit("ever")).isNull();
        assertThat(fake.status).isEqualTo(429);
        assertThat(fake.answer).containsKey("Retry-After");
    }

    @Test
    void applicationThatIsFullTakesNobody() throws Exception {
        open("alice");
        open("bob");
        assertThat(admit("ever")).isNull();
        assertThat(fake.status).isEqualTo(503);
        assertThat(fake.answer).containsKey("Retry-After");
    }

    private void open(String name) {
        OpenConnection connection =
                new OpenConnection() {
                    @Override
                    public String id() {
                        return "id";
                    }

                    @Override
                    public Health look(long now, java.util.concurrent.Executor asking) {
                        return Health.FINE;
                    }

                    @Override
                    public void giveUp(Ending ending) {}

                    @Override
                    public void close() {}

                    @Override
                    public boolean isConnected() {
                        return false;
                    }

                    @Override
                    public void terminate() {}
                };
        Handshake handshake = new Handshake("sse", null, Caller.named(name), null, this);
        assertThat(doors.connections().add(connection, handshake)).isTrue();
    }

    // ---- Policies, and the application

    private @Nullable Handshake admit(String... channels) throws Exception {
        return judge.admit("sse", List.of(channels), fake.request, fake.response);
    }

    @Test
    void permissionLastsAsLongAsTheShortest() throws Exception {
        fake.principal = () -> "alice";
        fake.roles.add("admin");
        assertThat(admit("ever")).extracting(Handshake::expiry).isNull();
        assertThat(admit("9", "ever", "7", "8"))
                .extracting(Handshake::expiry)
                .isEqualTo(SOON.plusSeconds(7));
    }

    @Test
    void oneChannelThatIsRefusedRefusesAll() throws Exception {
        assertThat(admit("7", "ever")).isNull();
        assertThat(fake.status).isEqualTo(401);
        fake.principal = () -> "bob";
        assertThat(admit("ever", "7")).isNull();
        assertThat(fake.status).isEqualTo(403);
        assertThat(admit("ever", "refused")).isNull();
        assertThat(fake.status).isEqualTo(403);
    }

    @Test
    void whatIsNotDecidedIsNoWayIn() throws Exception {
        assertThat(admit("broken")).isNull();
        assertThat(fake.status).isEqualTo(503);
        assertThat(fake.answer).containsKey("Retry-After");
    }
}
