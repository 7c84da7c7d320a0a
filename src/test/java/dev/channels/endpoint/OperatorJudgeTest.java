package dev.channels.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.Caller;
import dev.channels.ClientIntent.Action;
import dev.channels.test.ManualScheduler;
import java.time.Duration;
import java.util.List;
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
        assertThat(judge.admitsOrigin(fake.request, fake.response)).isTrue();
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
        assertThat(strict.admitsOrigin(fake.request, fake.response)).isFalse();
        assertThat(fake.status).isEqualTo(403);
        assertThat(fake.answer).doesNotContainKey("Access-Control-Allow-Origin");
        assertThat(open.refusals().read().origin()).isEqualTo(1);
    }

    @Test
    void otherSiteThatSendsNoOriginGetsNothing() throws Exception {
        fake.header("Sec-Fetch-Site", "cross-site");
        assertThat(judge.admitsOrigin(fake.request, fake.response)).isFalse();
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

    @Test
    void operatorMayDoWithAChannelWhatAClientMay() {
        Caller operator = Caller.named("alice").withGroups(List.of("operator"));
        Caller admin = Caller.named("bob").withGroups(List.of("operator", "admin"));
        byte[] data = {1};
        assertThat(judge.refusalOf(operator, Action.SUBSCRIBE, "7", data)).isNotNull();
        assertThat(judge.refusalOf(admin, Action.SUBSCRIBE, "7", data)).isNull();
        assertThat(judge.refusalOf(admin, Action.PUBLISH, "7", data)).isNull();
        assertThat(judge.refusalOf(operator, Action.SUBSCRIBE, "other", data)).isNull();
        Refusal refusal = judge.refusalOf(operator, Action.PUBLISH, "other", data);
        assertThat(refusal).isNotNull();
        assertThat(refusal.status()).isEqualTo(403);
        assertThat(judge.refusalOf(operator, Action.SUBSCRIBE, "#bob", data)).isNotNull();
    }
}
