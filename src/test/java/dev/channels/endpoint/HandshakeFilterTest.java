package dev.channels.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.Caller;
import dev.channels.endpoint.policy.Access;
import dev.channels.endpoint.policy.ClientCode;
import dev.channels.endpoint.policy.DoorsFixture;
import dev.channels.endpoint.policy.Policy;
import dev.channels.endpoint.request.FakeRequest;
import dev.channels.endpoint.request.Handshake;
import dev.channels.endpoint.request.Handshakes;
import dev.channels.endpoint.request.Target;
import dev.channels.endpoint.write.SessionWriter;
import dev.channels.server.Server;
import dev.channels.test.FakeSession;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeFilterTest {

    private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
    private final Doors doors =
            new Doors(
                    null,
                    DoorsFixture.settings(Duration.ofHours(1), 2, 1, policy("secret", "admin")),
                    ClientCode.NONE,
                    Runnable::run,
                    scheduler);
    private final HandshakeFilter filter =
            new HandshakeFilter(() -> doors, path -> path.equals("/ws/foreign"));

    @BeforeEach
    void openADoor() {
        doors.recognise(this);
        doors.add(
                path -> {
                    String name = path.nameBelow("/ws/");
                    if (name == null) {
                        return null;
                    }
                    return name.equals("good") || name.equals("secret")
                            ? new Target("plain", name)
                            : Target.NOWHERE;
                });
    }

    @AfterEach
    void stop() {
        scheduler.shutdownNow();
    }

    private static Policy policy(String channel, String role) {
        return new Policy(
                List.of(channel),
                new Access(List.of(role)),
                Access.NOBODY,
                Access.NOBODY,
                false,
                true);
    }

    private FakeRequest filtered(FakeRequest fake) throws Exception {
        filter.doFilter(fake.request, fake.response, fake.chain);
        assertThat(fake.isPassed).isEqualTo(fake.status == 0);
        return fake;
    }

    private static Handshake handshake(FakeRequest fake) {
        return (Handshake) fake.passed.get(Handshake.class.getName());
    }

    @Test
    void handshakeForAChannelIsHandedOnToItsSession() throws Exception {
        FakeRequest fake = filtered(FakeRequest.handshake("/sec/ws/good;jsessionid=1"));
        assertThat(handshake(fake).door()).isEqualTo("plain");
        assertThat(handshake(fake).channel()).isEqualTo("good");
        assertThat(fake.passed).containsKey(Server.REQUEST_PROPERTY);
        FakeRequest later = new FakeRequest("/sec/ws/good");
        Handshake.passTo(later.passed);
        assertThat(later.passed).as("it is over").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "WebSocket", "x, websocket", "websocket/13"})
    void everyFormOfAHandshakeIsJudged(String upgrade) throws Exception {
        FakeRequest fake = new FakeRequest("/sec/ws/bad").header("Upgrade", upgrade);
        assertThat(filtered(fake).status).isEqualTo(404);
    }

    @Test
    void severalHeadersAreJudgedAndSoIsAKeyAlone() throws Exception {
        FakeRequest two =
                new FakeRequest("/sec/ws/bad")
                        .header("Upgrade", "h2c")
                        .header("Upgrade", "websocket");
        assertThat(filtered(two).status).isEqualTo(404);
        FakeRequest key = new FakeRequest("/sec/ws/bad").header("Sec-WebSocket-Key", "x");
        assertThat(filtered(key).status).isEqualTo(404);
    }

    @Test
    void otherRequestsPass() throws Exception {
        assertThat(filtered(new FakeRequest("/sec/ws/bad")).passed).isEmpty();
        assertThat(filtered(new FakeRequest("/sec/ws/x").header("Upgrade", "h2c")).passed)
                .isEmpty();
        assertThat(filtered(FakeRequest.handshake("/sec/elsewhere")).passed).isEmpty();
        assertThat(filtered(FakeRequest.handshake("/sec/ws/foreign")).passed).isEmpty();
        assertThat(filtered(FakeRequest.handshake("/sec/a%2Fb")).passed).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/sec/ws/bad",
                "/sec/%77s/bad",
                "/%73ec/ws/bad",
                "/sec/ws;p=1/bad",
                "/sec/ws/;p=1",
                "/sec/ws/good%20"
            })
    void pathThatLeadsToNothingIsNotFound(String uri) throws Exception {
        FakeRequest fake = filtered(FakeRequest.handshake(uri));
        assertThat(fake.status).isEqualTo(404);
        assertThat(fake.text()).isEqualTo("There is no such channel\n");
        assertThat(fake.answer).containsEntry("Connection", "close");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/sec//ws/good",
                "/sec/ws//good",
                "/sec/./ws/good",
                "/sec/x/../ws/good",
                "/x/../sec/ws/good",
                "/sec/ws/x/../good",
                "/sec/ws/%2e%2e",
                "/sec/ws/..%2f",
                "/sec/ws%2fgood",
                "/sec/ws/good%2f",
                "/sec/ws/%ff",
                "/sec/ws/x%0A2026-01-01 ERROR FORGED",
                "/sec/ws/foreign%0a"
            })
    void ambiguousPathIsRefused(String uri) throws Exception {
        assertThat(filtered(FakeRequest.handshake(uri)).status).isBetween(400, 404);
    }

    @Test
    void pathThatTheContainerTakesApartInAnotherWayIsRefused() throws Exception {
        FakeRequest fake = FakeRequest.handshake("/sec/elsewhere");
        fake.servletPath = "/ws/good";
        assertThat(filtered(fake).status).isEqualTo(404);
    }

    @Test
    void bodiesAreRefused() throws Exception {
        FakeRequest length = FakeRequest.handshake("/sec/ws/good").header("Content-Length", "5");
        assertThat(filtered(length).status).isEqualTo(400);
        FakeRequest chunked =
                FakeRequest.handshake("/sec/ws/good").header("Transfer-Encoding", "chunked");
        assertThat(filtered(chunked).status).isEqualTo(400);
        FakeRequest none = FakeRequest.handshake("/sec/ws/good").header("Content-Length", "0");
        assertThat(filtered(none).isPassed).isTrue();
        FakeRequest post = FakeRequest.handshake("/sec/ws/good");
        post.method = "POST";
        assertThat(filtered(post).status).isEqualTo(400);
    }

    /** Open Liberty fails at what is no number, and writes a file about it each time. */
    @ParameterizedTest
    @ValueSource(strings = {"", "13x", "013", "8", "13, 8", "99999999999"})
    void noOtherVersionIsHandedOn(String version) throws Exception {
        FakeRequest fake =
                FakeRequest.handshake("/sec/ws/good")
                        .without("Sec-WebSocket-Version")
                        .header("Sec-WebSocket-Version", version);
        assertThat(filtered(fake).status).isEqualTo(426);
        assertThat(fake.answer).containsEntry("Sec-WebSocket-Version", "13");
        FakeRequest two =
                FakeRequest.handshake("/sec/ws/good").header("Sec-WebSocket-Version", "13");
        assertThat(filtered(two).status).isEqualTo(426);
        FakeRequest none = FakeRequest.handshake("/sec/ws/good").without("Sec-WebSocket-Version");
        assertThat(filtered(none).status).isEqualTo(426);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host", "Connection"})
    void handshakeWithoutWhatItTakesIsRefused(String header) throws Exception {
        FakeRequest fake = filtered(FakeRequest.handshake("/sec/ws/good").without(header));
        assertThat(fake.status).isEqualTo(400);
        assertThat(fake.text())
                .isEqualTo("A handshake has a Host, and a Connection that names Upgrade\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "keep-alive", "Upgraded", ""})
    void connectionThatDoesNotNameTheUpgradeIsRefused(String connection) throws Exception {
        FakeRequest fake =
                FakeRequest.handshake("/sec/ws/good")
                        .without("Connection")
                        .header("Connection", connection);
        assertThat(filtered(fake).status).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upgrade", "upgrade", "keep-alive,upgrade", "x , UPGRADE ,y"})
    void connectionIsAList(String connection) throws Exception {
        FakeRequest fake =
                FakeRequest.handshake("/sec/ws/good")
                        .without("Connection")
                        .header("Connection", connection);
        assertThat(filtered(fake).isPassed).isTrue();
    }

    @Test
    void anotherSiteIsRefused() throws Exception {
        FakeRequest fake = FakeRequest.handshake("/sec/ws/good");
        fake.header("Origin", "http://evil.example.org");
        assertThat(filtered(fake).status).isEqualTo(403);
        FakeRequest own = FakeRequest.handshake("/sec/ws/good");
        own.header("Origin", "http://app.example.org");
        assertThat(filtered(own).isPassed).isTrue();
    }

    // ---- Who it is, and how many there are

    private static FakeRequest by(String name, String... roles) {
        FakeRequest fake = FakeRequest.handshake("/sec/ws/secret");
        fake.principal = () -> name;
        fake.roles.addAll(List.of(roles));
        return fake;
    }

    @Test
    void policyIsForTheCallerOfTheContainer() throws Exception {
        assertThat(filtered(FakeRequest.handshake("/sec/ws/secret")).status).isEqualTo(401);
        assertThat(filtered(by("bob", "user")).status).isEqualTo(403);
        FakeRequest alice = filtered(by("alice", "admin", "user"));
        assertThat(handshake(alice).caller())
                .isEqualTo(Caller.named("alice").withGroups(List.of("admin")));
        assertThat(handshake(alice).toString()).doesNotContain("alice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/sec/ws/%73ecret", "/sec/ws/secret;jsessionid=1", "/sec/%77s/secret"})
    void noSpellingGetsPastAPolicy(String uri) throws Exception {
        assertThat(filtered(FakeRequest.handshake(uri)).status).isEqualTo(401);
    }

    private void open(Caller caller) {
        doors.connections()
                .add(
                        new SessionWriter(
                                new FakeSession().remote(),
                                "open",
                                Duration.ofHours(1),
                                Duration.ZERO,
                                () -> {}),
                        Handshakes.of("plain", "good", caller, null));
    }

    @Test
    void callerWithTooManyConnectionsMayComeBackLater() throws Exception {
        open(Caller.named("alice"));
        FakeRequest fake = filtered(by("alice", "admin"));
        assertThat(fake.status).isEqualTo(429);
        assertThat(fake.answer).containsEntry("Retry-After", "5");
        assertThat(filtered(by("carol", "admin")).isPassed).isTrue();
    }

    @Test
    void tooManyConnectionsMayComeBackLater() throws Exception {
        open(Caller.ANONYMOUS);
        assertThat(filtered(FakeRequest.handshake("/sec/ws/good")).isPassed).isTrue();
        open(Caller.ANONYMOUS);
        FakeRequest fake = filtered(FakeRequest.handshake("/sec/ws/good"));
        assertThat(fake.status).isEqualTo(503);
        assertThat(fake.answer).containsEntry("Retry-After", "5");
    }

    @Test
    void applicationThatStopsLetsNobodyIn() throws Exception {
        doors.drain(Duration.ZERO);
        FakeRequest fake = filtered(FakeRequest.handshake("/sec/ws/good"));
        assertThat(fake.status).isEqualTo(503);
        assertThat(fake.answer).containsEntry("Retry-After", "5");
    }

    @Test
    void answerOfTheContainerToWrongCredentialsIsLeft() throws Exception {
        FakeRequest fake = FakeRequest.handshake("/sec/ws/good");
        fake.isCommitted = true;
        filter.doFilter(fake.request, fake.response, fake.chain);
        assertThat(fake.isPassed).isFalse();
        assertThat(fake.status).isZero();
    }
}
