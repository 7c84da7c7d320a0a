package dev.channels.client.session;

import static dev.channels.client.session.Wire.event;
import static dev.channels.client.session.Wire.joined;
import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.Gap;
import dev.channels.Joined;
import dev.channels.Position;
import dev.channels.PresenceChange;
import dev.channels.PresentClient;
import dev.channels.Refused;
import dev.channels.Start;
import dev.channels.client.protocol.DisconnectCode;
import dev.channels.client.protocol.Payload;
import dev.channels.client.protocol.ProtocolError;
import dev.channels.client.rules.ClientRules;
import dev.channels.client.rules.ErrorForClient;
import dev.channels.client.stream.Instruction;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientSessionTest {

    private static String error(int id, ProtocolError error) {
        return "{\"id\":"
                + id
                + ",\"error\":{\"code\":"
                + error.code()
                + ",\"message\":\""
                + error.message()
                + "\""
                + (error.temporary() ? ",\"temporary\":true" : "")
                + "}}";
    }

    private static String pub(String channel, int offset) {
        return "{\"push\":{\"channel\":\""
                + channel
                + "\",\"pub\":{\"data\":"
                + offset
                + ",\"offset\":"
                + offset
                + "}}}";
    }

    private static String subscribe(int id, String channel, String more) {
        return "{\"id\":" + id + ",\"subscribe\":{\"channel\":\"" + channel + "\"" + more + "}}";
    }

    // ---- Connecting

    @Test
    void answersConnect() {
        Wire wire = new Wire().says("{\"id\":1,\"connect\":{}}");
        assertThat(wire.sent)
                .containsExactly(
                        "{\"id\":1,\"connect\":{\"client\":\"c1\",\"ping\":25,\"pong\":true}}");
        assertThat(wire.session.isConnected()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "oh",
                "{\"id\":1,\"subscribe\":{\"channel\":\"a\"}}",
                "{\"id\":1,\"ping\":{}}"
            })
    void closesWhereSomethingElseComesFirst(String frame) {
        Wire wire = new Wire().says(frame);
        assertThat(wire.closed).isEqualTo(DisconnectCode.BAD_REQUEST);
        assertThat(wire.sent).isEmpty();
        assertThat(wire.says("{\"id\":1,\"connect\":{}}").sent).isEmpty();
    }

    @Test
    void closesAtASecondConnect() {
        Wire wire = new Wire().connects().says("{\"id\":2,\"connect\":{}}");
        assertThat(wire.closed).isEqualTo(DisconnectCode.BAD_REQUEST);
    }

    @Test
    void carriesOutWhatCameWithConnectWhenItIsDecided() {
        Wire wire = new Wire();
        wire.connect = new CompletableFuture<>();
        wire.says("{\"id\":1,\"connect\":{}}", subscribe(2, "a", ""), "{\"id\":3,\"rpc\":{}}");
        wire.says("{\"id\":4,\"rpc\":{}}");
        assertThat(wire.sent).isEmpty();
        assertThat(wire.joins).isEmpty();
        wire.connect.complete(ClientRules.Verdict.YES);
        assertThat(wire.joins).containsOnlyKeys("a");
        assertThat(wire.sent)
                .containsExactly(
                        "{\"id\":1,\"connect\":{\"client\":\"c1\",\"ping\":25,\"pong\":true}}",
                        "{\"id\":3,\"rpc\":{\"data\":{}}}",
                        "{\"id\":4,\"rpc\":{\"data\":{}}}");
    }

    @Test
    void dropsWhatCameWithAConnectThatIsRefused() {
        Wire wire = new Wire();
        wire.connect = new CompletableFuture<>();
        wire.says("{\"id\":1,\"connect\":{}}", subscribe(2, "a", ""));
        wire.connect.complete(ClientRules.Verdict.no(ProtocolError.TOKEN_EXPIRED));
        assertThat(wire.sent).containsExactly(error(1, ProtocolError.TOKEN_EXPIRED));
        assertThat(wire.says("{\"id\":3,\"rpc\":{}}").sent).hasSize(1);
        assertThat(wire.joins).isEmpty();
        assertThat(wire.closed).isNull();
    }

    @Test
    void boundsWhatWaitsForConnect() {
        Wire wire = new Wire();
        wire.connect = new CompletableFuture<>();
        wire.says("{\"id\":1,\"connect\":{}}");
        for (int i = 0; i < Unanswered.MAX + 8; i++) {
            assertThat(wire.says("{\"id\":2,\"rpc\":{}}").closed).isNull();
        }
        assertThat(wire.says("{\"id\":2,\"rpc\":{}}").closed)
                .isEqualTo(DisconnectCode.TOO_MANY_REQUESTS);
        wire.connect.complete(ClientRules.Verdict.YES);
        assertThat(wire.sent).isEmpty();
    }

    @Test
    void boundsTheBytesOfWhatWaitsForConnect() {
        Wire wire = new Wire();
        wire.connect = new CompletableFuture<>();
        wire.says("{\"id\":1,\"connect\":{}}");
        String large = "{\"id\":2,\"rpc\":{\"data\":\"" + "x".repeat(60_000) + "\"}}";
        assertThat(wire.says(large).says(large).closed).isNull();
        assertThat(wire.says(large).closed).isEqualTo(DisconnectCode.TOO_MANY_REQUESTS);
    }

    @Test
    void isToldOfWhenItIsLetInAndCanBeReached() {
        Wire wire = new Wire();
        wire.connect = new CompletableFuture<>();
        wire.says("{\"id\":1,\"connect\":{}}");
        assertThat(wire.toApplication).isEmpty();
        wire.connect.complete(ClientRules.Verdict.YES);
        assertThat(wire.toApplication).containsExactly("let in");

        Wire refused = new Wire();
        refused.connect =
                CompletableFuture.completedFuture(
                        ClientRules.Verdict.no(ProtocolError.TOKEN_EXPIRED));
        refused.says("{\"id\":1,\"connect\":{}}");
        assertThat(refused.toApplication).isEmpty();
    }

    @Test
    void aDecisionThatFailsIsAnError() {
        Wire wire = new Wire();
        wire.connect = CompletableFuture.failedFuture(new IllegalStateException("no"));
        assertThat(wire.says("{\"id\":1,\"connect\":{}}").sent)
                .containsExactly(error(1, ProtocolError.INTERNAL));
    }

    // ---- Subscribing

    @Test
    void answersSubscribeBeforeAnyEvent() {
        Wire wire = new Wire().connects().says(subscribe(2, "a", ""));
        assertThat(wire.joins).containsEntry("a", Start.now());
        assertThat(wire.sent).isEmpty();
        wire.delivers(joined("a", 41), event("a", 42, "42"));
        assertThat(wire.sent)
                .containsExactly(
                        "{\"id\":2,\"subscribe\":{\"recoverable\":true,\"epoch\":\"xYz\",\"offset\":41,\"positioned\":true}}\n"
                                + pub("a", 42));
        assertThat(wire.session.channels()).containsExactly("a");
    }

    @Test
    void givesNoPositionsWhereThereAreNone() {
        Wire wire = new Wire().connects().says(subscribe(2, "a", ",\"recover\":true"));
        wire.delivers(new Joined("a", null, false, 0), event("a", 42, "42"));
        assertThat(wire.sent)
                .containsExactly(
                        "{\"id\":2,\"subscribe\":{\"was_recovering\":true}}\n"
                                + "{\"push\":{\"channel\":\"a\",\"pub\":{\"data\":42}}}");
    }

    @Test
    void givesNoPositionsWhereAPolicySaysSo() {
        Wire wire = new Wire();
        wire.positions = false;
        wire.connects().says(subscribe(2, "a", ",\"recover\":true,\"epoch\":\"xYz\""));
        assertThat(wire.joins).containsEntry("a", Start.now());
        wire.delivers(joined("a", 41), event("a", 42, "42"));
        assertThat(wire.sent.get(0)).doesNotContain("offset", "epoch");
    }

    @Test
    void recovers() {
        Wire wire =
                new Wire()
                        .connects()
                        .says(
                                subscribe(
                                        5,
                                        "a",
                                        ",\"recover\":true,\"offset\":43,\"epoch\":\"xYz\""));
        assertThat(wire.joins).containsEntry("a", Start.after(new Position("xYz", 43)));
        wire.delivers(new Joined("a", new Position("xYz", 43), true, 2), event("a", 44, "44"));
        assertThat(wire.sent).isEmpty();
        wire.delivers(event("a", 45, "45"), event("a", 46, "46"));
        assertThat(wire.sent)
                .containsExactly(
                        "{\"id\":5,\"subscribe\":{\"recoverable\":true,\"epoch\":\"xYz\",\"publications\":"
                                + "[{\"data\":44,\"offset\":44},{\"data\":45,\"offset\":45}],\"recovered\":true,"
                                + "\"offset\":43,\"positioned\":true,\"was_recovering\":true}}\n"
                                + pub("a", 46));
    }

    @Test
    void recoversNothing() {
        Wire wire =
                new Wire()
                        .connects()
                        .says(subscribe(5, "a", ",\"recover\":true,\"epoch\":\"xYz\""));
        wire.delivers(joined("a", 0));
        assertThat(wire.sent)
                .containsExactly(
                        "{\"id\":5,\"subscribe\":{\"recoverable\":true,\"epoch\":\"xYz\",\"recovered\":true,"
                                + "\"positioned\":true,\"was_recovering\":true}}");
    }

    @Test
    void tellsThatItCannotRecover() {
        Wire wire =
                new Wire()
                        .connects()
                        .says(
                                subscribe(
                                        5,
                                        "a",
                                        ",\"recover\":true,\"offset\":3,\"epoch\":\"old\""));
        wire.delivers(new Joined("a", new Position("xYz", 41), false, 0), event("a", 42, "42"));
        assertThat(wire.sent)
                .containsExactly(
                        "{\"id\":5,\"subscribe\":{\"recoverable\":true,\"epoch\":\"xYz\",\"offset\":41,"
                                + "\"positioned\":true,\"was_recovering\":true}}\n"
                                + pub("a", 42));
    }

    @Test
    void failsWhereTheClientWantsAnErrorUnlessItRecovers() {
        Wire wire =
                new Wire()
                        .connects()
                        .says(subscribe(5, "a", ",\"recover\":true,\"epoch\":\"old\",\"flag\":3"));
        wire.delivers(new Joined("a", new Position("xYz", 41), false, 0), event("a", 42, "42"));
        assertThat(wire.sent).containsExactly(error(5, ProtocolError.UNRECOVERABLE_POSITION));
        assertThat(wire.left).containsExactly("a");
        assertThat(wire.session.channels()).isEmpty();
    }

    @Test
    void recoversFromAnOffsetOfAnyEpoch() {
        Wire wire = new Wire().connects().says(subscribe(5, "a", ",\"recover\":true,\"offset\":1"));
        assertThat(wire.joins).containsEntry("a", Start.last(-1));
        wire.delivers(
                new Joined("a", new Position("xYz", 0), true, 2),
                event("a", 1, "1"),
                event("a", 2, "2"));
        assertThat(wire.sent.get(0))
                .contains(
                        "\"publications\":[{\"data\":2,\"offset\":2}],\"recovered\":true,\"offset\":1");
    }

    @Test
    void doesNotRecoverFromAnOffsetThatHistoryHasNoMore() {
        Wire wire = new Wire().connects().says(subscribe(5, "a", ",\"recover\":true"));
        wire.delivers(new Joined("a", new Position("xYz", 7), true, 1), event("a", 8, "8"));
        assertThat(wire.sent)
                .containsExactly(
                        "{\"id\":5,\"subscribe\":{\"recoverable\":true,\"epoch\":\"xYz\",\"offset\":7,"
                                + "\"positioned\":true,\"was_recovering\":true}}\n"
                                + pub("a", 8));
    }

    @Test
    void sendsInPushesWhatIsTooMuchForTheReply() {
        Wire wire =
                new Wire()
                        .connects()
                        .says(subscribe(5, "a", ",\"recover\":true,\"epoch\":\"xYz\""));
        int missed = Instruction.MAX_RECOVERED + 2;
        wire.delivers(new Joined("a", new Position("xYz", 0), true, missed));
        for (int i = 1; i <= missed; i++) {
            wire.delivers(event("a", i, Integer.toString(i)));
        }
        assertThat(wire.sent).hasSize(3);
        assertThat(wire.sent.get(0)).contains("\"data\":300,").doesNotContain("\"data\":301,");
        assertThat(wire.sent.get(2)).isEqualTo(pub("a", 302));
        assertThat(wire.answered).isGreaterThanOrEqualTo(missed);
    }

    @Test
    void refusesWhatMakesNoSense() {
        Wire wire = new Wire(1, 100).connects().subscribes("a");
        wire.says(subscribe(3, "a", ""), subscribe(4, "b", ""), subscribe(5, "b/c", ""));
        assertThat(wire.sent)
                .containsExactly(
                        error(3, ProtocolError.ALREADY_SUBSCRIBED),
                        error(4, ProtocolError.LIMIT_EXCEEDED),
                        error(5, ProtocolError.BAD_REQUEST));
        assertThat(wire.says(subscribe(6, "", "")).closed).isEqualTo(DisconnectCode.BAD_REQUEST);
    }

    @Test
    void refusesWhatIsNotAllowed() {
        Wire wire = new Wire().connects();
        wire.subscribe =
                CompletableFuture.completedFuture(
                        ClientRules.Verdict.no(ProtocolError.PERMISSION_DENIED));
        wire.says(subscribe(3, "a", ""));
        assertThat(wire.sent).containsExactly(error(3, ProtocolError.PERMISSION_DENIED));
        assertThat(wire.joins).isEmpty();
        assertThat(wire.session.channels()).isEmpty();
    }

    @Test
    void tellsOfAnUnknownChannel() {
        Wire wire = new Wire().connects();
        wire.refusal = new ChannelsException(ErrorCode.UNDECLARED_CHANNEL, "no");
        wire.says(subscribe(3, "a", ""));
        assertThat(wire.sent).containsExactly(error(3, ProtocolError.UNKNOWN_CHANNEL));
        assertThat(wire.session.channels()).isEmpty();
    }

    @Test
    void tellsOfAChannelThatIsRefusedLater() {
        Wire wire = new Wire().connects().says(subscribe(3, "a", ""));
        wire.delivers(new Refused("a", new ChannelsException(ErrorCode.SUBSCRIBE_FAILED, "no")));
        assertThat(wire.sent).containsExactly(error(3, ProtocolError.INTERNAL));
        assertThat(wire.session.channels()).isEmpty();
    }

    // ---- Losing and leaving

    @Test
    void aGapEndsTheSubscriptionOnly() {
        Wire wire = new Wire().connects().subscribes("a").subscribes("b");
        wire.delivers(
                event("a", 42, "42"),
                new Gap("a", Gap.Cause.BACKLOG),
                event("a", 50, "50"),
                event("b", 42, "42"));
        assertThat(wire.sent)
                .containsExactly(
                        pub("a", 42)
                                + "\n{\"push\":{\"channel\":\"a\",\"unsubscribe\":{\"code\":2500,\"reason\":\"insufficient state\"}}}\n"
                                + pub("b", 42));
        assertThat(wire.left).containsExactly("a");
        assertThat(wire.session.channels()).containsExactly("b");
        assertThat(wire.closed).isNull();
    }

    @Test
    void aGapAmidOfWhatWasMissedComesBehindTheReply() {
        Wire wire =
                new Wire()
                        .connects()
                        .says(subscribe(5, "a", ",\"recover\":true,\"epoch\":\"xYz\""));
        wire.delivers(
                new Joined("a", new Position("xYz", 0), true, 2),
                event("a", 1, "1"),
                new Gap("a", Gap.Cause.BROKER));
        assertThat(wire.sent).hasSize(1);
        assertThat(wire.sent.get(0).split("\n"))
                .hasSize(2)
                .satisfies(lines -> assertThat(lines[0]).contains("\"recovered\":true"))
                .satisfies(lines -> assertThat(lines[1]).contains("2500"));
    }

    @Test
    void sendsNothingAfterAnUnsubscribe() {
        Wire wire = new Wire().connects().subscribes("a");
        wire.says("{\"id\":3,\"unsubscribe\":{\"channel\":\"a\"}}");
        wire.delivers(event("a", 42, "42"));
        wire.says("{\"id\":4,\"unsubscribe\":{\"channel\":\"never\"}}");
        assertThat(wire.sent)
                .containsExactly("{\"id\":3,\"unsubscribe\":{}}", "{\"id\":4,\"unsubscribe\":{}}");
        assertThat(wire.left).containsExactly("a");
    }

    @Test
    void aSecondSubscriptionGetsNothingOfTheFirst() {
        Wire wire = new Wire().connects().subscribes("a");
        wire.says("{\"id\":3,\"unsubscribe\":{\"channel\":\"a\"}}", subscribe(4, "a", ""));
        wire.sent.clear();
        wire.delivers(event("a", 42, "42"), joined("a", 50), event("a", 51, "51"));
        assertThat(wire.sent).hasSize(1);
        assertThat(wire.sent.get(0).split("\n"))
                .hasSize(2)
                .satisfies(lines -> assertThat(lines[0]).contains("\"offset\":50"))
                .satisfies(lines -> assertThat(lines[1]).isEqualTo(pub("a", 51)));
    }

    @Test
    void answersASubscribeThatAnUnsubscribeOvertakes() {
        Wire wire = new Wire().connects();
        wire.says(subscribe(3, "a", ""), "{\"id\":4,\"unsubscribe\":{\"channel\":\"a\"}}");
        assertThat(String.join("\n", wire.sent))
                .isEqualTo(error(3, ProtocolError.INTERNAL) + "\n{\"id\":4,\"unsubscribe\":{}}");
        wire.subscribe = new CompletableFuture<>();
        wire.says(subscribe(5, "a", ""), "{\"id\":6,\"unsubscribe\":{\"channel\":\"a\"}}");
        wire.sent.clear();
        wire.subscribe.complete(ClientRules.Verdict.YES);
        assertThat(wire.sent).containsExactly(error(5, ProtocolError.INTERNAL));
    }

    @Test
    void twoWishesOfOneIdAreOneSubscription() {
        Wire wire = new Wire().connects();
        CompletableFuture<ClientRules.Verdict> first = new CompletableFuture<>();
        CompletableFuture<ClientRules.Verdict> second = new CompletableFuture<>();
        wire.subscribe = first;
        wire.says(subscribe(5, "a", ""), "{\"id\":6,\"unsubscribe\":{\"channel\":\"a\"}}");
        wire.subscribe = second;
        wire.says(subscribe(5, "a", ""));
        first.complete(ClientRules.Verdict.YES);
        wire.delivers(joined("a", 41));
        wire.sent.clear();
        second.complete(ClientRules.Verdict.YES);
        assertThat(wire.sent).containsExactly(error(5, ProtocolError.ALREADY_SUBSCRIBED));
        wire.sent.clear();
        wire.delivers(event("a", 42, "42"));
        assertThat(wire.sent).hasSize(1);
    }

    @Test
    void theWishThatIsRefusedCountsWhereTwoHaveOneId() {
        Wire wire = new Wire().connects();
        CompletableFuture<ClientRules.Verdict> first = new CompletableFuture<>();
        CompletableFuture<ClientRules.Verdict> second = new CompletableFuture<>();
        wire.subscribe = first;
        wire.says(subscribe(5, "a", ""), "{\"id\":6,\"unsubscribe\":{\"channel\":\"a\"}}");
        wire.subscribe = second;
        wire.says(subscribe(5, "a", ""));
        first.complete(ClientRules.Verdict.YES);
        second.complete(ClientRules.Verdict.no(ProtocolError.PERMISSION_DENIED));
        assertThat(wire.session.channels()).isEmpty();
        wire.sent.clear();
        wire.delivers(event("a", 42, "42"));
        assertThat(wire.sent).isEmpty();
    }

    // ---- The other commands

    @Test
    void publishesWhereItMay() {
        Wire wire = new Wire().connects();
        wire.published = new CompletableFuture<>();
        wire.says("{\"id\":3,\"publish\":{\"channel\":\"a\",\"data\":1}}");
        assertThat(wire.toApplication).containsExactly("a");
        assertThat(wire.sent).isEmpty();
        wire.published.complete(null);
        assertThat(wire.sent).containsExactly("{\"id\":3,\"publish\":{}}");
    }

    @Test
    void publishesInOrderWhateverIsDecidedFirst() {
        Wire wire = new Wire().connects();
        CompletableFuture<ClientRules.Verdict> first = new CompletableFuture<>();
        wire.publish = first;
        wire.says("{\"id\":3,\"publish\":{\"channel\":\"a\",\"data\":1}}");
        wire.publish = CompletableFuture.completedFuture(ClientRules.Verdict.YES);
        wire.says("{\"id\":4,\"publish\":{\"channel\":\"b\",\"data\":2}}");
        assertThat(wire.toApplication).isEmpty();
        first.complete(ClientRules.Verdict.YES);
        assertThat(wire.toApplication).containsExactly("a", "b");
        wire.publish = new CompletableFuture<>();
        wire.says("{\"id\":5,\"publish\":{\"channel\":\"c\",\"data\":3}}");
        CompletableFuture<ClientRules.Verdict> refused = wire.publish;
        wire.publish = CompletableFuture.completedFuture(ClientRules.Verdict.YES);
        wire.says("{\"id\":6,\"publish\":{\"channel\":\"d\",\"data\":4}}");
        refused.completeExceptionally(new IllegalStateException("broken"));
        assertThat(wire.toApplication).containsExactly("a", "b", "d");
    }

    @Test
    void publishesNothingWhereItMayNot() {
        Wire wire = new Wire().connects();
        wire.publish =
                CompletableFuture.completedFuture(
                        ClientRules.Verdict.no(ProtocolError.PERMISSION_DENIED));
        wire.says("{\"id\":3,\"publish\":{\"channel\":\"a\",\"data\":1}}");
        assertThat(wire.toApplication).isEmpty();
        assertThat(wire.sent).containsExactly(error(3, ProtocolError.PERMISSION_DENIED));
    }

    @Test
    void closesWhereNothingIsToBePublished() {
        for (String what : List.of("\"channel\":\"a\"", "\"data\":1")) {
            Wire wire = new Wire().connects().says("{\"id\":3,\"publish\":{" + what + "}}");
            assertThat(wire.closed).isEqualTo(DisconnectCode.BAD_REQUEST);
            assertThat(wire.toApplication).isEmpty();
        }
    }

    @Test
    void callsTheApplication() {
        Wire wire = new Wire().connects();
        wire.reply = CompletableFuture.completedFuture(Payload.of("[1.50]"));
        wire.says("{\"id\":3,\"rpc\":{\"method\":\"m\"}}", "{\"send\":{\"data\":1}}");
        assertThat(wire.toApplication).containsExactly("m", "sent");
        assertThat(wire.sent).containsExactly("{\"id\":3,\"rpc\":{\"data\":[1.50]}}");
        wire.reply =
                CompletableFuture.failedFuture(
                        new ErrorForClient(new ProtocolError(1000, "mine", false)));
        wire.says("{\"id\":4,\"rpc\":{\"method\":\"m\"}}");
        assertThat(wire.sent.get(1))
                .isEqualTo("{\"id\":4,\"error\":{\"code\":1000,\"message\":\"mine\"}}");
    }

    @Test
    void withoutAnApplicationThatTakesCallsThereAreNone() {
        Wire wire = new Wire();
        wire.takesCalls = false;
        wire.connects().says("{\"id\":3,\"rpc\":{}}");
        assertThat(wire.sent).containsExactly(error(3, ProtocolError.NOT_AVAILABLE));
        assertThat(wire.says("{\"send\":{}}").closed).isEqualTo(DisconnectCode.NOT_AVAILABLE);
    }

    @Test
    void boundsTheBytesOfWhatHasNoReplyYet() {
        Wire wire = new Wire(8, 1000).connects();
        wire.reply = new CompletableFuture<>();
        wire.subscribe = new CompletableFuture<>();
        String data = "\"" + "x".repeat(Unanswered.MAX_SIZE / 2 - 10) + "\"";
        wire.says(
                "{\"id\":3,\"rpc\":{\"data\":" + data + "}}",
                subscribe(4, "a", ",\"data\":" + data),
                subscribe(5, "b", ",\"data\":" + data),
                "{\"id\":6,\"rpc\":{\"data\":" + data + "}}");
        assertThat(wire.sent)
                .containsExactly(
                        error(5, ProtocolError.TOO_MANY_REQUESTS),
                        error(6, ProtocolError.TOO_MANY_REQUESTS));
        wire.reply.complete(Payload.NONE);
        wire.subscribe.complete(ClientRules.Verdict.YES);
        wire.sent.clear();
        wire.reply = CompletableFuture.completedFuture(Payload.NONE);
        wire.says("{\"id\":7,\"rpc\":{\"data\":" + data + "}}");
        assertThat(wire.sent).containsExactly("{\"id\":7,\"rpc\":{}}");
    }

    @Test
    void answersEachCommandAlthoughTheRulesThrow() {
        Wire wire = new Wire(8, 1000).connects();
        wire.fault = new StackOverflowError("secret");
        List<String> commands =
                List.of(
                        "\"subscribe\":{\"channel\":\"a\"}",
                        "\"publish\":{\"channel\":\"a\",\"data\":1}",
                        "\"rpc\":{}");
        for (int i = 0; i < 2 * Unanswered.MAX; i++) {
            wire.sent.clear();
            wire.says("{\"id\":3," + commands.get(i % commands.size()) + "}");
            assertThat(wire.sent).containsExactly(error(3, ProtocolError.INTERNAL));
        }
        wire.says("{\"send\":{}}");
        assertThat(wire.faults).isNotEmpty().noneMatch(line -> line.contains("secret"));
        wire.fault = null;
        wire.sent.clear();
        wire.says("{\"id\":4,\"rpc\":{}}", subscribe(5, "a", ""));
        assertThat(wire.joins).containsKey("a");
        assertThat(wire.sent).containsExactly("{\"id\":4,\"rpc\":{\"data\":{}}}");
    }

    @Test
    void aConnectThatNobodyCanJudgeIsAnError() {
        Wire wire = new Wire();
        wire.fault = new IllegalStateException("secret");
        assertThat(wire.says("{\"id\":1,\"connect\":{}}").sent)
                .containsExactly(error(1, ProtocolError.INTERNAL));
    }

    @Test
    void aChannelThatCannotBeJoinedForAnyReasonIsFreeAgain() {
        Wire wire = new Wire().connects();
        wire.joinFault = new StackOverflowError("deep");
        wire.says(subscribe(2, "a", ""));
        assertThat(wire.sent).containsExactly(error(2, ProtocolError.INTERNAL));
        assertThat(wire.session.channels()).isEmpty();
        wire.session.subscribeByServer("a");
        assertThat(wire.sent.get(1)).contains("\"unsubscribe\":{\"code\":2000,");
        assertThat(wire.session.channels()).isEmpty();
        wire.joinFault = null;
        wire.says(subscribe(3, "a", ""));
        assertThat(wire.joins).containsKey("a");
    }

    @Test
    void boundsWhatHasNoReplyYet() {
        Wire wire = new Wire(8, 1000).connects();
        wire.reply = new CompletableFuture<>();
        for (int i = 0; i < Unanswered.MAX; i++) {
            wire.says("{\"id\":3,\"rpc\":{}}");
        }
        assertThat(wire.sent).isEmpty();
        wire.says("{\"id\":4,\"rpc\":{}}");
        assertThat(wire.sent).containsExactly(error(4, ProtocolError.TOO_MANY_REQUESTS));
        wire.reply.complete(Payload.NONE);
        wire.says("{\"id\":5,\"rpc\":{}}");
        assertThat(wire.sent).contains("{\"id\":5,\"rpc\":{}}");
    }

    @Test
    void answersWhatItDoesNotOffer() {
        Wire wire = new Wire().connects();
        wire.question =
                CompletableFuture.completedFuture(
                        ClientRules.Verdict.no(ProtocolError.NOT_AVAILABLE));
        wire.says("{\"id\":3,\"presence\":{\"channel\":\"a\"}}", "{\"id\":4,\"newest\":{}}");
        assertThat(wire.sent)
                .containsExactly(
                        error(3, ProtocolError.NOT_AVAILABLE),
                        error(4, ProtocolError.NOT_AVAILABLE));
    }

    @Test
    void pongsThatAnswerAreNoCommands() {
        Wire wire = new Wire(8, 1).connects();
        for (int i = 1; i <= 100; i++) {
            // Without a look of the clock no command is given back.
            assertThat(wire.liveness.look(System.nanoTime() + i * 10_000L))
                    .isEqualTo(Liveness.Due.PING);
            wire.says("{}");
        }
        assertThat(wire.closed).isNull();
        wire.says("{\"id\":3,\"rpc\":{}}");
        assertThat(wire.sent).containsExactly("{\"id\":3,\"rpc\":{\"data\":{}}}");
    }

    @Test
    void aFloodOfPongsIsOne() {
        Wire wire = new Wire(8, 10).connects();
        for (int i = 0; i < 1000 && wire.closed == null; i++) {
            wire.says("{}");
        }
        assertThat(wire.closed).isEqualTo(DisconnectCode.TOO_MANY_REQUESTS);
    }

    @Test
    void aChannelTooManyIsATemporaryError() {
        Wire wire = new Wire().connects();
        wire.room = false;
        wire.says(subscribe(2, "a", ""));
        assertThat(wire.sent).containsExactly(error(2, ProtocolError.TOO_MANY_REQUESTS));
        assertThat(wire.session.channels()).isEmpty();
        wire.room = true;
        wire.says(subscribe(3, "a", ""), "{\"id\":4,\"unsubscribe\":{\"channel\":\"a\"}}");
        assertThat(wire.unfollowed).containsExactly("a");
    }

    @Test
    void stopsAFlood() {
        Wire wire = new Wire(8, 100).connects();
        for (int i = 0; i < 1000 && wire.closed == null; i++) {
            wire.says("{\"id\":3,\"presence\":{\"channel\":\"a\"}}");
        }
        assertThat(wire.sent).contains(error(3, ProtocolError.TOO_MANY_REQUESTS));
        assertThat(wire.closed).isEqualTo(DisconnectCode.TOO_MANY_REQUESTS);
    }

    private static final String PUBLISH = "{\"id\":3,\"publish\":{\"channel\":\"a\",\"data\":1}}";

    @Test
    void publishesHaveALimitOfTheirOwn() {
        Wire wire = new Wire(8, 1000, 2).connects();
        for (int i = 0; i < 500 && wire.limited == 0; i++) {
            wire.says(PUBLISH);
        }
        assertThat(wire.sent)
                .startsWith("{\"id\":3,\"publish\":{}}", "{\"id\":3,\"publish\":{}}")
                .endsWith(error(3, ProtocolError.TOO_MANY_REQUESTS));
        assertThat(wire.toApplication).hasSize(wire.sent.size() - 1);
        wire.says("{\"id\":4,\"rpc\":{}}");
        assertThat(wire.sent).endsWith("{\"id\":4,\"rpc\":{\"data\":{}}}");
        assertThat(wire.closed).isNull();
    }

    @Test
    void stopsAFloodOfPublishes() {
        Wire wire = new Wire(8, 1000, 2).connects();
        for (int i = 0; i < 100 && wire.closed == null; i++) {
            wire.says(PUBLISH);
        }
        assertThat(wire.closed).isEqualTo(DisconnectCode.TOO_MANY_REQUESTS);
    }

    @Test
    void carriesOutWhatStandsBeforeAFault() {
        Wire wire = new Wire().connects().says("{\"id\":3,\"rpc\":{}}", "oh");
        assertThat(wire.sent).containsExactly("{\"id\":3,\"rpc\":{\"data\":{}}}");
        assertThat(wire.closed).isEqualTo(DisconnectCode.BAD_REQUEST);
    }

    // ---- What holds for a time

    private static final long SECOND = 1_000_000_000L;

    @Test
    void aConnectionThatIsNotProvedAnewExpires() {
        Wire wire = new Wire();
        wire.connect = CompletableFuture.completedFuture(new ClientRules.Verdict(null, 60, null));
        wire.says("{\"id\":1,\"connect\":{\"token\":\"t\"}}");
        assertThat(wire.sent.get(0)).contains("\"expires\":true,\"ttl\":60");
        wire.session.expire(System.nanoTime() + 80 * SECOND);
        assertThat(wire.closed).isNull();
        wire.says("{\"id\":2,\"refresh\":{\"token\":\"t\"}}");
        assertThat(wire.sent.get(1))
                .isEqualTo(
                        "{\"id\":2,\"refresh\":{\"client\":\"c1\",\"expires\":true,\"ttl\":60}}");
        wire.session.expire(System.nanoTime() + 86 * SECOND);
        assertThat(wire.closed).isEqualTo(DisconnectCode.EXPIRED);
    }

    @Test
    void whoeverIsProvedAnewInFewerGroupsKeepsOnlyWhatTheyMayHave() {
        Wire wire = new Wire();
        wire.connect = CompletableFuture.completedFuture(new ClientRules.Verdict(null, 60, null));
        wire.says("{\"id\":1,\"connect\":{\"token\":\"t\"}}").subscribes("a");
        wire.session.subscribeByServer("server");
        wire.says("{\"id\":3,\"refresh\":{\"token\":\"t\"}}");
        assertThat(wire.session.channels()).containsExactlyInAnyOrder("a", "server");
        wire.permits = false;
        wire.sent.clear();
        wire.says("{\"id\":4,\"refresh\":{\"token\":\"t\"}}");
        assertThat(String.join("\n", wire.sent))
                .contains("\"refresh\"")
                .contains("{\"push\":{\"channel\":\"a\",\"unsubscribe\":{\"code\":2000,");
        assertThat(wire.session.channels()).containsExactly("server");
        assertThat(wire.left).containsExactly("a");
    }

    /** The groups that it lost while the answer was awaited are not those to be judged by. */
    @Test
    void aDecisionThatARefreshOvertakesIsForWhatTheClientIsByThen() {
        Wire wire = new Wire();
        wire.connect = CompletableFuture.completedFuture(new ClientRules.Verdict(null, 60, null));
        wire.subscribe = new CompletableFuture<>();
        wire.says("{\"id\":1,\"connect\":{\"token\":\"t\"}}", subscribe(2, "a", ""));
        wire.permits = false;
        wire.says("{\"id\":3,\"refresh\":{\"token\":\"t\"}}");
        wire.sent.clear();
        wire.subscribe.complete(ClientRules.Verdict.YES);
        assertThat(wire.sent).containsExactly(error(2, ProtocolError.PERMISSION_DENIED));
        assertThat(wire.session.channels()).isEmpty();
        assertThat(wire.joins).isEmpty();
    }

    @Test
    void aConnectionThatCannotBeProvedAnewEnds() {
        assertThat(closedByARefreshThatIs(ProtocolError.UNAUTHORIZED))
                .isEqualTo(DisconnectCode.INVALID_TOKEN);
        assertThat(closedByARefreshThatIs(ProtocolError.TOKEN_EXPIRED))
                .isEqualTo(DisconnectCode.EXPIRED);
        assertThat(closedByARefreshThatIs(ProtocolError.INTERNAL)).isNull();
        assertThat(new Wire().connects().says("{\"id\":2,\"refresh\":{\"token\":\"t\"}}").closed)
                .isEqualTo(DisconnectCode.BAD_REQUEST);
    }

    private static @Nullable DisconnectCode closedByARefreshThatIs(ProtocolError refused) {
        Wire wire = new Wire();
        wire.connect = CompletableFuture.completedFuture(new ClientRules.Verdict(null, 60, null));
        wire.says("{\"id\":1,\"connect\":{\"token\":\"t\"}}");
        wire.connect = CompletableFuture.completedFuture(ClientRules.Verdict.no(refused));
        return wire.says("{\"id\":2,\"refresh\":{\"token\":\"other\"}}").closed;
    }

    @Test
    void aSubscriptionThatIsNotProvedAnewExpires() {
        Wire wire = new Wire().connects();
        wire.subscribe = CompletableFuture.completedFuture(new ClientRules.Verdict(null, 60, null));
        wire.says(subscribe(2, "a", "")).delivers(joined("a", 41));
        assertThat(wire.sent.get(0)).contains("\"expires\":true,\"ttl\":60");
        wire.says(
                "{\"id\":3,\"sub_refresh\":{\"channel\":\"a\",\"token\":\"t\"}}",
                "{\"id\":4,\"sub_refresh\":{\"channel\":\"b\",\"token\":\"t\"}}",
                "{\"id\":5,\"sub_refresh\":{\"channel\":\"a\"}}");
        assertThat(wire.sent.subList(1, 4))
                .containsExactly(
                        "{\"id\":3,\"sub_refresh\":{\"expires\":true,\"ttl\":60}}",
                        error(4, ProtocolError.PERMISSION_DENIED),
                        error(5, ProtocolError.BAD_REQUEST));
        wire.session.expire(System.nanoTime() + 86 * SECOND);
        assertThat(wire.sent.get(4)).contains("\"unsubscribe\":{\"code\":2501,");
        assertThat(wire.left).containsExactly("a");
        assertThat(wire.closed).isNull();
    }

    // ---- The application's wishes

    @Test
    void theApplicationSubscribesAndUnsubscribes() {
        Wire wire = new Wire().connects();
        wire.session.subscribeByServer("a");
        wire.delivers(joined("a", 41), event("a", 42, "42"));
        wire.session.unsubscribeByServer("a");
        wire.session.unsubscribeByServer("b");
        wire.delivers(event("a", 43, "43"));
        assertThat(String.join("\n", wire.sent).split("\n"))
                .containsExactly(
                        "{\"push\":{\"channel\":\"a\",\"subscribe\":{\"recoverable\":true,\"epoch\":\"xYz\",\"offset\":41,\"positioned\":true}}}",
                        pub("a", 42),
                        "{\"push\":{\"channel\":\"a\",\"unsubscribe\":{\"code\":2000,\"reason\":\"server unsubscribe\"}}}");
    }

    private static Wire backIn(String channel, String position) {
        Wire wire = new Wire();
        String subs = "{\"" + channel + "\":{\"recover\":true," + position + "}}";
        wire.says("{\"id\":1,\"connect\":{\"subs\":" + subs + "}}");
        wire.sent.clear();
        wire.session.subscribeByServer(channel);
        return wire;
    }

    @Test
    void whatTheApplicationSubscribesAgainGoesOnWhereTheClientWas() {
        Wire wire = backIn("a", "\"epoch\":\"xYz\",\"offset\":41");
        assertThat(wire.joins).containsEntry("a", Start.after(new Position("xYz", 41)));
        wire.delivers(new Joined("a", new Position("xYz", 41), true, 2));
        assertThat(wire.subscribed).containsExactly("a");
        wire.delivers(event("a", 42, "42"), event("a", 43, "43"));
        assertThat(String.join("\n", wire.sent).split("\n"))
                .containsExactly(
                        "{\"push\":{\"channel\":\"a\",\"subscribe\":{\"recoverable\":true,\"epoch\":\"xYz\",\"offset\":41,\"positioned\":true}}}",
                        pub("a", 42),
                        pub("a", 43));
        wire.session.unsubscribeByServer("a");
        wire.session.subscribeByServer("a");
        assertThat(wire.joins).containsEntry("a", Start.now());
    }

    @Test
    void whatTheApplicationSubscribesAgainGoesOnFromNowWhereItIsAnotherStream() {
        Wire wire = backIn("a", "\"epoch\":\"old\",\"offset\":41,\"flag\":3");
        wire.delivers(new Joined("a", new Position("xYz", 7), false, 0), event("a", 8, "8"));
        assertThat(String.join("\n", wire.sent).split("\n"))
                .containsExactly(
                        "{\"push\":{\"channel\":\"a\",\"subscribe\":{\"recoverable\":true,\"epoch\":\"xYz\",\"offset\":7,\"positioned\":true}}}",
                        pub("a", 8));
    }

    @Test
    void aGapOfWhatTheApplicationSubscribedEndsTheConnection() {
        Wire wire = new Wire().connects();
        wire.session.subscribeByServer("a");
        wire.delivers(joined("a", 41), new Gap("a", Gap.Cause.BROKER));
        assertThat(wire.closed).isEqualTo(DisconnectCode.INSUFFICIENT_STATE);
    }

    @Test
    void theApplicationSendsAndDisconnects() {
        Wire wire = new Wire().connects();
        wire.session.message(Payload.of("{}"));
        wire.session.disconnectByServer(DisconnectCode.FORCE_RECONNECT);
        wire.session.message(Payload.of("{}"));
        assertThat(wire.sent).containsExactly("{\"push\":{\"message\":{\"data\":{}}}}");
        assertThat(wire.closed).isEqualTo(DisconnectCode.FORCE_RECONNECT);
    }

    // ---- Who is there

    private static PresenceChange change(String channel, boolean entered) {
        return new PresenceChange(
                channel, new PresentClient("c2", "you", "{\"a\":1}", null), entered);
    }

    @Test
    void aClientIsThereOnceItHasItsReply() {
        Wire wire = new Wire().connects();
        wire.subscribe = CompletableFuture.completedFuture(new ClientRules.Verdict(null, 0, "[1]"));
        wire.says(subscribe(2, "a", ""));
        assertThat(wire.entered).isEmpty();
        assertThat(wire.subscribed).isEmpty();
        wire.delivers(joined("a", 41));
        assertThat(wire.entered).containsExactly("a [1]");
        assertThat(wire.subscribed).containsExactly("a");
    }

    @Test
    void aClientThatRecoversIsThereWhenItHasWhatItMissed() {
        Wire wire = new Wire().connects();
        wire.says(subscribe(2, "a", ",\"recover\":true,\"offset\":40,\"epoch\":\"xYz\""));
        wire.delivers(new Joined("a", new Position(Wire.EPOCH, 41), true, 1));
        assertThat(wire.entered).isEmpty();
        wire.delivers(event("a", 41, "41"));
        assertThat(wire.entered).containsExactly("a null");
    }

    @Test
    void aClientThatLeftBeforeItsReplyIsNotThere() {
        Wire wire = new Wire().connects();
        wire.says(subscribe(2, "a", ""), "{\"id\":3,\"unsubscribe\":{\"channel\":\"a\"}}");
        wire.delivers(joined("a", 41));
        assertThat(wire.entered).isEmpty();
        assertThat(wire.left).containsExactly("a");
    }

    @Test
    void aClientThatTheApplicationSubscribesIsThereToo() {
        Wire wire = new Wire().connects();
        wire.session.subscribeByServer("a");
        wire.delivers(joined("a", 41));
        assertThat(wire.entered).containsExactly("a null");
    }

    @Test
    void tellsWhoComesAndGoesWhereTheClientAsksForIt() {
        Wire wire = new Wire().connects();
        wire.says(subscribe(2, "a", ",\"join_leave\":true"), subscribe(3, "b", ""));
        wire.changed(change("a", true));
        wire.delivers(joined("a", 41), joined("b", 41));
        wire.sent.clear();
        wire.changed(change("a", true));
        wire.changed(change("b", true));
        wire.changed(change("c", true));
        wire.changed(change("a", false));
        String info = "{\"info\":{\"user\":\"you\",\"client\":\"c2\",\"conn_info\":{\"a\":1}}}";
        assertThat(wire.sent)
                .containsExactly(
                        "{\"push\":{\"channel\":\"a\",\"join\":" + info + "}}",
                        "{\"push\":{\"channel\":\"a\",\"leave\":" + info + "}}");
        wire.says("{\"id\":4,\"unsubscribe\":{\"channel\":\"a\"}}");
        wire.sent.clear();
        wire.changed(change("a", true));
        assertThat(wire.sent).isEmpty();
    }

    @Test
    void tellsNothingWhereThePolicyDoesNot() {
        Wire wire = new Wire().connects();
        wire.tellsPresence = false;
        wire.says(subscribe(2, "a", ",\"join_leave\":true"));
        wire.delivers(joined("a", 41));
        wire.sent.clear();
        wire.changed(change("a", true));
        assertThat(wire.sent).isEmpty();
    }

    @Test
    void answersQuestionsAboutAChannel() {
        Wire wire = new Wire().connects().subscribes("a");
        wire.says(
                "{\"id\":5,\"presence_stats\":{\"channel\":\"a\"}}",
                "{\"id\":6,\"presence\":{\"channel\":\"b\"}}",
                "{\"id\":7,\"history\":{\"channel\":\"b\"}}");
        assertThat(wire.toApplication).containsExactly("a subscribed", "b", "b");
        assertThat(wire.sent)
                .contains("{\"id\":5,\"presence_stats\":{\"num_clients\":2,\"num_users\":1}}");
    }

    @Test
    void refusesQuestionsThatAreNotAllowed() {
        Wire wire = new Wire().connects();
        wire.question =
                CompletableFuture.completedFuture(
                        ClientRules.Verdict.no(ProtocolError.PERMISSION_DENIED));
        wire.says("{\"id\":5,\"presence\":{\"channel\":\"a\"}}");
        wire.question = CompletableFuture.completedFuture(ClientRules.Verdict.YES);
        wire.answer =
                CompletableFuture.failedFuture(
                        new ChannelsException(ErrorCode.PRESENCE_NOT_KEPT, "no"));
        wire.says("{\"id\":6,\"presence\":{\"channel\":\"a\"}}");
        wire.says("{\"id\":7,\"presence\":{\"channel\":\"a/b\"}}");
        assertThat(wire.sent)
                .containsExactly(
                        error(5, ProtocolError.PERMISSION_DENIED),
                        error(6, ProtocolError.NOT_AVAILABLE),
                        error(7, ProtocolError.BAD_REQUEST));
        wire.says("{\"id\":8,\"presence\":{}}");
        assertThat(wire.closed).isEqualTo(DisconnectCode.BAD_REQUEST);
    }
}
