package dev.channels.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.Caller;
import dev.channels.ClientPermit;
import dev.channels.endpoint.policy.Access;
import dev.channels.endpoint.policy.ClientCode;
import dev.channels.endpoint.policy.DoorsFixture;
import dev.channels.endpoint.policy.Policy;
import dev.channels.endpoint.request.FakeRequest;
import dev.channels.endpoint.request.Handshake;
import dev.channels.endpoint.request.Refusal;
import dev.channels.test.ManualScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class OperatorJudgeTest {

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
                                    new Access(List.of("admin")),
                                    Access.NOBODY,
                                    false,
                                    true)),
                    ClientCode.NONE,
                    Runnable::run,
                    new ManualScheduler());
    private final OperatorJudge judge =
            new OperatorJudge(doors, "console", new Access(List.of("operator")));
    private final FakeRequest fake = new FakeRequest("/sec/channels/console");

    OperatorJudgeTest() {
        doors.recognise(this);
    }

    // ---- Origin

    @Test
    void pageOfTheSameOriginIsAdmittedAndNoOtherMayReadTheAnswer() throws Exception {
        fake.header("Origin", "http://app.example.org");
        assertThat(judge.admitsOrigin(false, fake.request, fake.response)).isTrue();
        assertThat(fake.answer)
                .containsEntry("Cross-Origin-Resource-Policy", "same-origin")
                .doesNotContainKey("Access-Control-Allow-Origin");
    }

    /** Whatever clients may do. */
    @Test
    void pageOfAnotherOriginGetsNothingThoughAllClientsMayConnect() throws Exception {
        Doors open =
                new Doors(
                        null,
                        DoorsFixture.settings("*"),
                        ClientCode.NONE,
                        Runnable::run,
                        new ManualScheduler());
        fake.header("Origin", "http://evil.example.org");
        OperatorJudge strict = new OperatorJudge(open, "console", new Access(List.of("**")));
        assertThat(strict.admitsOrigin(false, fake.request, fake.response)).isFalse();
        assertThat(fake.status).isEqualTo(403);
        assertThat(fake.answer).doesNotContainKey("Access-Control-Allow-Origin");
        assertThat(open.refusals().read().origin()).isEqualTo(1);
    }

    @Test
    void otherSiteThatSendsNoOriginGetsNothing() throws Exception {
        fake.header("Sec-Fetch-Site", "cross-site");
        assertThat(judge.admitsOrigin(false, fake.request, fake.response)).isFalse();
    }

    /** A link in a runbook, or the page on which one has logged in. */
    @Test
    void otherSiteMayLeadToThePageAndToNothingElse() throws Exception {
        fake.header("Sec-Fetch-Site", "cross-site")
                .header("Sec-Fetch-Mode", "navigate")
                .header("Sec-Fetch-Dest", "document");
        assertThat(judge.admitsOrigin(true, fake.request, fake.response)).isTrue();
        assertThat(judge.admitsOrigin(false, fake.request, fake.response)).isFalse();
    }

    @Test
    void otherSiteMayNeitherFrameThePageNorFetchIt() throws Exception {
        fake.header("Sec-Fetch-Site", "cross-site").header("Sec-Fetch-Mode", "navigate");
        fake.header("Sec-Fetch-Dest", "iframe");
        assertThat(judge.admitsOrigin(true, fake.request, fake.response)).isFalse();
        FakeRequest fetched =
                new FakeRequest("/sec/channels/console")
                        .header("Sec-Fetch-Site", "cross-site")
                        .header("Sec-Fetch-Mode", "no-cors")
                        .header("Sec-Fetch-Dest", "document");
        assertThat(judge.admitsOrigin(true, fetched.request, fetched.response)).isFalse();
        FakeRequest posted =
                new FakeRequest("/sec/channels/console")
                        .header("Origin", "http://evil.example.org")
                        .header("Sec-Fetch-Mode", "navigate")
                        .header("Sec-Fetch-Dest", "document");
        assertThat(judge.admitsOrigin(true, posted.request, posted.response)).isFalse();
    }

    // ---- Caller

    @Test
    void operatorIsAdmitted() throws Exception {
        fake.principal = () -> "alice";
        fake.roles.add("operator");
        Handshake handshake = judge.admit(false, fake.request, fake.response);
        assertThat(handshake).isNotNull();
        assertThat(handshake.caller().name()).isEqualTo("alice");
        assertThat(handshake.door()).isEqualTo("console");
    }

    @Test
    void callerInAnotherRoleIsRefused() throws Exception {
        fake.principal = () -> "bob";
        fake.roles.add("admin");
        assertThat(judge.admit(true, fake.request, fake.response)).isNull();
        assertThat(fake.status).isEqualTo(403);
        assertThat(doors.refusals().read().policy()).isEqualTo(1);
    }

    @Test
    void nobodyIsRefused() throws Exception {
        assertThat(judge.admit(false, fake.request, fake.response)).isNull();
        assertThat(fake.status).isEqualTo(401);
        assertThat(doors.refusals().read().identity()).isEqualTo(1);
    }

    @Test
    void personIsAskedWhoItIsByTheContainer() throws Exception {
        fake.authentication =
                () -> {
                    fake.status = 401;
                    fake.isCommitted = true;
                    return false;
                };
        assertThat(judge.admit(true, fake.request, fake.response)).isNull();
        assertThat(fake.body.size()).isZero();
    }

    @Test
    void personWhoSaysSoAtOnceIsAdmitted() throws Exception {
        fake.authentication =
                () -> {
                    fake.principal = () -> "alice";
                    fake.roles.add("operator");
                    return true;
                };
        assertThat(judge.admit(true, fake.request, fake.response)).isNotNull();
    }

    @Test
    void whereNobodyCanLogInTheRefusalSaysSo() throws Exception {
        fake.authentication =
                () -> {
                    throw new jakarta.servlet.ServletException("no mechanism");
                };
        assertThat(judge.admit(true, fake.request, fake.response)).isNull();
        assertThat(fake.status).isEqualTo(401);
        assertThat(fake.text()).contains("Log in");
    }

    // ---- What an operator may do

    private static Handshake operator(String name, String... groups) {
        Caller caller = Caller.named(name).withGroups(List.of(groups));
        return new Handshake("console", null, caller, "session", "note");
    }

    @Test
    void operatorMayDoWithAChannelWhatAClientMay() {
        Handshake alice = operator("alice", "operator");
        Handshake bob = operator("bob", "operator", "admin");
        assertThat(judge.permitted(alice, "7")).isNull();
        assertThat(judge.permitted(bob, "7")).isNotNull();
        assertThat(judge.permitted(alice, "other")).isNotNull();
        assertThat(judge.permitted(alice, "#bob")).isNull();
        byte[] data = {1};
        assertThat(judge.refusalOfPublish(bob.caller(), "7", data)).isNull();
        Refusal refusal = judge.refusalOfPublish(alice.caller(), "other", data);
        assertThat(refusal).isNotNull();
        assertThat(refusal.status()).isEqualTo(403);
    }

    @Test
    void permitThatEndsEndsWhatItLetIn() {
        Instant end = Instant.now().plusSeconds(60);
        OperatorJudge asking =
                new OperatorJudge(
                        new Doors(
                                null,
                                DoorsFixture.settings("same-origin"),
                                new ClientCode(
                                        null,
                                        intent ->
                                                CompletableFuture.completedFuture(
                                                        new ClientPermit(end, null))),
                                Runnable::run,
                                new ManualScheduler()),
                        "console",
                        new Access(List.of("operator")));
        Handshake permitted = asking.permitted(operator("alice", "operator"), "news");
        assertThat(permitted).isNotNull();
        assertThat(permitted.expiry()).isEqualTo(end);
        assertThat(permitted.httpSession()).isEqualTo("session");
    }
}
