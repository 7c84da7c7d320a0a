package dev.channels.client.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.client.protocol.ClientInfo;
import dev.channels.client.protocol.Codec;
import dev.channels.client.protocol.Command;
import dev.channels.client.protocol.Decoded;
import dev.channels.client.protocol.Encoded;
import dev.channels.client.protocol.EncodedPublication;
import dev.channels.client.protocol.Payload;
import dev.channels.client.protocol.ProtocolError;
import dev.channels.client.protocol.Publication;
import dev.channels.client.protocol.PushContent;
import dev.channels.client.protocol.Request;
import dev.channels.client.protocol.Result;
import dev.channels.client.protocol.ServerMessage;
import dev.channels.client.protocol.StreamPosition;
import dev.channels.client.protocol.UnsubscribeCode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonCodecTest {

    private final Codec codec = Codecs.json();

    private Decoded decode(String frame) {
        return codec.decode(new Encoded.Text(frame));
    }

    private Request request(String frame) {
        Decoded decoded = decode(frame);
        assertThat(decoded.fault()).isNull();
        assertThat(decoded.commands()).hasSize(1);
        return decoded.commands().get(0).request();
    }

    private String encode(ServerMessage message) {
        return ((Encoded.Text) codec.encode(message)).text();
    }

    private EncodedPublication publication(String data, long offset) {
        return codec.publication(new Publication(Payload.of(data), null, offset, Map.of()));
    }

    private String push(String data) {
        return ((Encoded.Text) codec.push("a", publication(data, 0))).text();
    }

    private static Request.Subscribe subscribe(
            String channel, boolean recover, long offset, String epoch, long flag) {
        return new Request.Subscribe(
                channel,
                "",
                recover,
                new StreamPosition(offset, epoch),
                Payload.NONE,
                false,
                false,
                false,
                flag);
    }

    // ---- A session, as it goes over the wire

    @Test
    void readsConnectAndSubscribeInOneFrame() {
        Decoded decoded =
                decode(
                        """
                        {"connect":{"token":"t","name":"js"},"id":1}
                        {"subscribe":{"channel":"acc:a","flag":1,"recover":true,"offset":43,"epoch":"xYz"},"id":2}""");
        assertThat(decoded.fault()).isNull();
        assertThat(decoded.commands())
                .containsExactly(
                        new Command(
                                1,
                                new Request.Connect(
                                        "t", Payload.NONE, Map.of(), "js", "", Map.of())),
                        new Command(2, subscribe("acc:a", true, 43, "xYz", 1)));
    }

    @Test
    void readsPublish() {
        assertThat(request("{\"publish\":{\"channel\":\"acc:b\",\"data\":\"hi\"},\"id\":3}"))
                .isEqualTo(new Request.Publish("acc:b", Payload.of("\"hi\"")));
    }

    @Test
    void writesTheReplyToConnect() {
        Result connect =
                new Result.Connect("6f1c", "1.0", 0, Payload.NONE, Map.of(), 25, true, "", "");
        assertThat(encode(new ServerMessage.Reply(1, connect)))
                .isEqualTo(
                        "{\"id\":1,\"connect\":{\"client\":\"6f1c\",\"version\":\"1.0\",\"ping\":25,\"pong\":true}}");
    }

    @Test
    void writesTheReplyToSubscribe() {
        Result subscribe =
                new Result.Subscribe(
                        0,
                        new StreamPosition(41, "xYz"),
                        Result.Recovery.NONE,
                        List.of(),
                        Payload.NONE);
        assertThat(encode(new ServerMessage.Reply(2, subscribe)))
                .isEqualTo(
                        "{\"id\":2,\"subscribe\":{\"recoverable\":true,\"epoch\":\"xYz\",\"offset\":41,\"positioned\":true}}");
    }

    @Test
    void writesWhatWasRecovered() {
        Result subscribe =
                new Result.Subscribe(
                        0,
                        new StreamPosition(43, "xYz"),
                        Result.Recovery.RECOVERED,
                        List.of(publication("{\"n\":44}", 44), publication("{\"n\":45}", 45)),
                        Payload.NONE);
        assertThat(encode(new ServerMessage.Reply(5, subscribe)))
                .isEqualTo(
                        "{\"id\":5,\"subscribe\":{\"recoverable\":true,\"epoch\":\"xYz\",\"publications\":"
                                + "[{\"data\":{\"n\":44},\"offset\":44},{\"data\":{\"n\":45},\"offset\":45}],"
                                + "\"recovered\":true,\"offset\":43,\"positioned\":true,\"was_recovering\":true}}");
    }

    @Test
    void joinsPushes() {
        Encoded first = codec.push("acc:a", publication("{\"n\":42}", 42));
        Encoded second = codec.push("acc:a", publication("{\"n\":43}", 43));
        assertThat(codec.frame(List.of(first, second)))
                .isEqualTo(
                        new Encoded.Text(
                                "{\"push\":{\"channel\":\"acc:a\",\"pub\":{\"data\":{\"n\":42},\"offset\":42}}}\n"
                                        + "{\"push\":{\"channel\":\"acc:a\",\"pub\":{\"data\":{\"n\":43},\"offset\":43}}}"));
        assertThat(codec.frame(List.of(first))).isSameAs(first);
    }

    @Test
    void pingAndPongAreEmpty() {
        assertThat(encode(new ServerMessage.Ping())).isEqualTo("{}");
        assertThat(decode("{}")).isEqualTo(new Decoded(List.of(Command.PONG), null));
        assertThat(decode("null\n")).isEqualTo(new Decoded(List.of(Command.PONG), null));
        assertThat(decode("{\"connect\":null,\"id\":null}"))
                .isEqualTo(new Decoded(List.of(Command.PONG), null));
    }

    @Test
    void writesErrorsAndUnsubscriptions() {
        assertThat(encode(new ServerMessage.Failure(3, ProtocolError.PERMISSION_DENIED)))
                .isEqualTo("{\"id\":3,\"error\":{\"code\":103,\"message\":\"permission denied\"}}");
        assertThat(encode(new ServerMessage.Failure(4, ProtocolError.INTERNAL)))
                .contains("\"temporary\":true");
        assertThat(
                        encode(
                                new ServerMessage.Push(
                                        "acc:a",
                                        new PushContent.Unsubscribed(
                                                UnsubscribeCode.INSUFFICIENT_STATE))))
                .isEqualTo(
                        "{\"push\":{\"channel\":\"acc:a\",\"unsubscribe\":{\"code\":2500,\"reason\":\"insufficient state\"}}}");
    }

    @Test
    void writesEmptyResultsAndWhatIsRequired() {
        assertThat(encode(new ServerMessage.Reply(1, new Result.Publish())))
                .isEqualTo("{\"id\":1,\"publish\":{}}");
        assertThat(encode(new ServerMessage.Reply(1, new Result.Presence(Map.of()))))
                .isEqualTo("{\"id\":1,\"presence\":{\"presence\":{}}}");
        assertThat(encode(new ServerMessage.Reply(1, new Result.PresenceStats(0, 0))))
                .isEqualTo("{\"id\":1,\"presence_stats\":{\"num_clients\":0,\"num_users\":0}}");
        assertThat(
                        encode(
                                new ServerMessage.Reply(
                                        1,
                                        new Result.History(List.of(), new StreamPosition(0, "")))))
                .isEqualTo(
                        "{\"id\":1,\"history\":{\"publications\":[],\"epoch\":\"\",\"offset\":0}}");
        ClientInfo nobody = new ClientInfo("", "c", Payload.NONE, Payload.of("{ }"));
        assertThat(encode(new ServerMessage.Push("a", new PushContent.Join(nobody))))
                .isEqualTo(
                        "{\"push\":{\"channel\":\"a\",\"join\":{\"info\":{\"user\":\"\",\"client\":\"c\",\"chan_info\":{ }}}}}");
    }

    // ---- What is refused

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                " ",
                "{}\n\n",
                "{}\n\n{}",
                "\n{}",
                "{} {}",
                "{}{}",
                "{}x",
                "{\"id\":1",
                "{\"id\":1,\"rpc\":{\"data\":99",
                "[]",
                "1",
                "\"a\"",
                "true",
                "{\"id\":4294967296,\"rpc\":{}}",
                "{\"id\":18446744073709551616,\"rpc\":{}}",
                "{\"id\":-1,\"rpc\":{}}",
                "{\"id\":1.0,\"rpc\":{}}",
                "{\"id\":1e0,\"rpc\":{}}",
                "{\"id\":\"1\",\"rpc\":{}}",
                "{\"id\":01,\"rpc\":{}}",
                "{\"rpc\":{}}",
                "{\"id\":0,\"subscribe\":{\"channel\":\"a\"}}",
                "{\"id\":1,\"subscribe\":[]}",
                "{\"id\":1,\"subscribe\":\"a\"}",
                "{\"id\":1,\"subscribe\":{\"channel\":1}}",
                "{\"id\":1,\"subscribe\":{\"recover\":1}}",
                "{\"id\":1,\"subscribe\":{\"recover\":\"true\"}}",
                "{\"id\":1,\"subscribe\":{\"offset\":-1}}",
                "{\"id\":1,\"subscribe\":{\"flag\":9223372036854775808}}",
                "{\"id\":1,\"connect\":{\"headers\":{\"a\":1}}}",
                "{\"id\":1,\"connect\":{\"subs\":{\"a\":1}}}",
                "{\"id\":1,\"history\":{\"since\":1}}",
                "{'id':1,'rpc':{}}",
                "{\"id\":1,\"rpc\":{},}",
                "{\"id\":1,\"rpc\":{\"data\":[1,]}}",
                "{\"id\":1,\"rpc\":{\"data\":tru}}",
                "{\"id\":1,\"rpc\":{\"data\":\"\u0001\"}}",
                "{\"id\":1,\"rpc\":{\"data\":}}",
                "// comment",
                "\uFEFF{}"
            })
    void refusesWhatIsNoCommand(String frame) {
        assertThat(decode(frame).fault()).isNotNull();
    }

    @Test
    void carriesOutWhatStandsBeforeAFault() {
        Decoded decoded = decode("{\"id\":1,\"rpc\":{}}\n{}\noh\n{\"id\":2,\"rpc\":{}}");
        assertThat(decoded.commands())
                .containsExactly(new Command(1, new Request.Rpc("", Payload.NONE)), Command.PONG);
        assertThat(decoded.fault()).isNotNull().doesNotContain("oh");
    }

    @Test
    void refusesABinaryFrame() {
        assertThat(codec.decode(new Encoded.Binary(new byte[1])).fault()).isNotNull();
    }

    // ---- What is taken

    @Test
    void ignoresUnknownFields() {
        assertThat(
                        request(
                                "{\"x\":{\"id\":[1,{\"rpc\":{}}]},\"id\":1,\"unsubscribe\":{\"y\":null,\"channel\":\"a\",\"z\":1e5}}"))
                .isEqualTo(new Request.Unsubscribe("a"));
    }

    @Test
    void answersWhatItDoesNotKnow() {
        assertThat(decode("{\"id\":7,\"map_publish\":{}}").commands())
                .containsExactly(new Command(7, new Request.Unknown()));
    }

    @Test
    void takesTheFirstOfSeveralRequestsInOneCommand() {
        assertThat(
                        request(
                                "{\"rpc\":{\"method\":\"m\"},\"subscribe\":{\"channel\":\"a\"},\"publish\":{},\"id\":1}"))
                .isEqualTo(subscribe("a", false, 0, "", 0));
    }

    @Test
    void takesGreatNumbers() {
        assertThat(decode("{\"id\":4294967295,\"send\":{}}").commands().get(0).id())
                .isEqualTo(4294967295L);
        Request.Subscribe past =
                (Request.Subscribe)
                        request("{\"id\":1,\"subscribe\":{\"offset\":18446744073709551615}}");
        assertThat(past.position().offset()).isEqualTo(Long.MAX_VALUE);
        assertThat(request("{\"id\":1,\"history\":{\"limit\":-1,\"since\":{}}}"))
                .isEqualTo(new Request.History("", -1, new StreamPosition(0, ""), false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "-0.0e+10",
                "1.50",
                "123456789012345678901234567890.10",
                "\"\\ud83d\\u0041 \\/ \\ud800 \uD83D\uDE00\"",
                "{ \"a\" : [ 1 , { } ] , \"a\" : 2 }",
                "\"}],\\\"\"",
                "[ ]"
            })
    void keepsDataAsItStood(String data) {
        Payload expected = Payload.of(data);
        assertThat(request("{\"id\":1,\"rpc\":{\"data\":" + data + "}}"))
                .isEqualTo(new Request.Rpc("", expected));
        assertThat(request("{\"rpc\":{\"data\"\t: \r" + data + " ,\"method\":\"m\"} , \"id\":1 }"))
                .isEqualTo(new Request.Rpc("m", expected));
    }

    @Test
    void keepsDataThatIsLongerThanAnyBuffer() {
        String data = "[\"" + "é\\n".repeat(20_000) + "\",1]";
        for (int before = 0; before < 5000; before += 61) {
            String frame =
                    "{\"id\":1,\"x\":\""
                            + "y".repeat(before)
                            + "\",\"rpc\":{\"data\":"
                            + data
                            + "}}";
            assertThat(request(frame)).isEqualTo(new Request.Rpc("", Payload.of(data)));
        }
    }

    @Test
    void boundsTheDepth() {
        int within = MessageReader.MAX_DEPTH - 2;
        String deepest = "[".repeat(within) + "]".repeat(within);
        assertThat(request("{\"id\":1,\"rpc\":{\"data\":" + deepest + "}}"))
                .isEqualTo(new Request.Rpc("", Payload.of(deepest)));
        for (String bomb :
                List.of("[" + deepest + "]", "[".repeat(32_000), "{\"a\":".repeat(10_000))) {
            assertThat(decode("{\"id\":1,\"rpc\":{\"data\":" + bomb + "}}").fault())
                    .contains("deeper");
            assertThat(decode("{\"id\":1,\"x\":[" + bomb + "]}").fault()).contains("deeper");
        }
    }

    @Test
    void readsAFrameOfPongsInBoundedMemory() {
        Decoded decoded = decode("{}\n".repeat(20_000));
        assertThat(decoded.fault()).isNull();
        assertThat(decoded.commands()).hasSize(20_000).allMatch(it -> it == Command.PONG);
    }

    @Test
    void tellsNoSecret() {
        Decoded decoded =
                decode("{\"id\":1,\"connect\":{\"token\":\"s3cret\",\"data\":\"s3cret\"}}");
        assertThat(decoded.toString()).doesNotContain("s3cret");
        assertThat(new Encoded.Text("s3cret").toString()).doesNotContain("s3cret");
    }

    // ---- Payloads

    @Test
    void embedsJsonWithoutLineBreaks() {
        assertThat(push("{\r\n \"a\": 1.50,\n\"b\":\"\\n\"\r}"))
                .isEqualTo(
                        "{\"push\":{\"channel\":\"a\",\"pub\":{\"data\":{ \"a\": 1.50,\"b\":\"\\n\"}}}}");
    }

    @Test
    void sendsOtherTextAsAString() {
        assertThat(push("line 1\nline \"2\"\t\\\u0000\uD83D\uDE00"))
                .isEqualTo(
                        "{\"push\":{\"channel\":\"a\",\"pub\":{\"data\":\"line 1\\nline \\\"2\\\"\\t\\\\\\u0000\uD83D\uDE00\"}}}");
        assertThat(push("\uFFFD")).contains("\"\uFFFD\"");
        assertThat(push("{}}}")).contains("\"data\":\"{}}}\"");
    }

    @Test
    void leavesOutWhatIsNoText() {
        byte[] noText = "a\uFFFDb".getBytes(StandardCharsets.UTF_8);
        noText[1] = (byte) 0xC0;
        Payload payload = Payload.of(noText);
        assertThat(codec.publication(new Publication(payload, null, 1, Map.of()))).isNull();
        assertThat(encode(new ServerMessage.Reply(1, new Result.Rpc(payload))))
                .isEqualTo("{\"id\":1,\"rpc\":{}}");
    }

    @Test
    void escapesHalfAPair() {
        assertThat(
                        encode(
                                new ServerMessage.Push(
                                        "\uDC00\uD800", new PushContent.Message(Payload.NONE))))
                .isEqualTo("{\"push\":{\"channel\":\"\\udc00\\ud800\",\"message\":{}}}");
    }
}
