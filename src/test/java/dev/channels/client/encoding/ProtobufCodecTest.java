package dev.channels.client.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.client.protocol.Codec;
import dev.channels.client.protocol.Command;
import dev.channels.client.protocol.Decoded;
import dev.channels.client.protocol.Encoded;
import dev.channels.client.protocol.EncodedPublication;
import dev.channels.client.protocol.Payload;
import dev.channels.client.protocol.Publication;
import dev.channels.client.protocol.Request;
import dev.channels.client.protocol.Result;
import dev.channels.client.protocol.ServerMessage;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtobufCodecTest {

    private final Codec codec = Codecs.protobuf();

    private Decoded decode(String hex) {
        byte[] frame = HexFormat.of().parseHex(hex.replace(" ", ""));
        return codec.decode(new Encoded.Binary(frame));
    }

    private static String hex(Encoded frame) {
        return HexFormat.ofDelimiter(" ").formatHex(((Encoded.Binary) frame).bytes());
    }

    @Test
    void pingAndPongAreOneByte() {
        assertThat(hex(codec.encode(new ServerMessage.Ping()))).isEqualTo("00");
        assertThat(decode("00 00"))
                .isEqualTo(new Decoded(List.of(Command.PONG, Command.PONG), null));
    }

    @Test
    void readsACommand() {
        assertThat(decode("07 08 03 32 03 0A 01 61"))
                .isEqualTo(
                        new Decoded(List.of(new Command(3, new Request.Unsubscribe("a"))), null));
    }

    @Test
    void writesAnEmptyResult() {
        assertThat(hex(codec.encode(new ServerMessage.Reply(1, new Result.Publish()))))
                .isEqualTo("04 08 01 42 00");
    }

    @Test
    void writesAPush() {
        Payload data = Payload.of(new byte[] {(byte) 0xFF, 0});
        EncodedPublication publication =
                codec.publication(new Publication(data, null, 300, Map.of()));
        Encoded push = codec.push("a", publication);
        assertThat(hex(push))
                .isEqualTo("0E 22 0C 12 01 61 22 07 22 02 ff 00 30 ac 02".toLowerCase());
        assertThat(hex(codec.frame(List.of(push, push)))).isEqualTo(hex(push) + " " + hex(push));
        assertThat(codec.frame(List.of(push))).isSameAs(push);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // an empty frame
                "01", // shorter than it says
                "FF FF FF FF FF FF FF FF FF 01", // a negative length
                "FF FF FF FF FF FF FF FF FF FF 01", // more than 64 bits
                "80", // a length without an end
                "02 08 80", // a number without an end
                "02 08 01 05", // a second command that is not there
                "02 0A 00", // the id as text
                "03 20 01 00", // connect as a number
                "02 00 00", // the field 0
                "02 08 07 07 08 80 80 80 80 80 10 22 00", // an id above 32 bits
                "02 2A 00", // subscribe without an id
                "07 08 01 2A 03 0A 01 FF", // a channel that is not UTF-8
                "06 08 01 2A 02 08 01", // the channel as a number
                "04 08 01 2A 01", // a request longer than its command
                "03 08 01 1C", // the end of a group that was never begun
                "03 08 01 1B", // a group without an end
                "03 08 01 1E", // a type that does not exist
                "04 08 01 19 01", // 64 bits that are not there
            })
    void refusesWhatIsNoCommand(String hex) {
        assertThat(decode(hex).fault()).isNotNull();
    }

    @Test
    void carriesOutWhatStandsBeforeAFault() {
        Decoded decoded = decode("04 08 07 6A 00 00 02 08");
        assertThat(decoded.commands())
                .containsExactly(new Command(7, new Request.Rpc("", Payload.NONE)), Command.PONG);
        assertThat(decoded.fault()).isNotNull();
    }

    @Test
    void skipsUnknownFieldsOfEveryType() {
        String varint = "98 06 80 01";
        String fixed64 = "99 06 00 00 00 00 00 00 00 00";
        String text = "9A 06 01 FF";
        String group = "9B 06 08 01 9B 06 9C 06 12 00 9C 06";
        String fixed32 = "9D 06 00 00 00 00";
        String body = String.join(" ", varint, fixed64, text, group, fixed32, "08 01 6A 00");
        int length = body.split(" ").length;
        assertThat(decode(String.format("%02X %s", length, body)))
                .isEqualTo(
                        new Decoded(
                                List.of(new Command(1, new Request.Rpc("", Payload.NONE))), null));
    }

    @Test
    void boundsTheDepthOfGroups() {
        byte[] frame = new byte[60_001];
        frame[0] = (byte) 0xDF;
        frame[1] = (byte) 0xD4;
        frame[2] = 3;
        for (int i = 3; i < frame.length; i++) {
            frame[i] = 0x1B;
        }
        assertThat(codec.decode(new Encoded.Binary(frame)).fault()).isNotNull();
    }

    @Test
    void takesAnOffsetPastTheGreatestLong() {
        Decoded decoded = decode("0F 08 01 2A 0B 38 FF FF FF FF FF FF FF FF FF 01");
        Request.Subscribe subscribe = (Request.Subscribe) decoded.commands().get(0).request();
        assertThat(subscribe.position().offset()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void takesAMapEntryWithoutKeyOrValue() {
        Decoded decoded = decode("0A 08 01 22 06 1A 00 32 02 0A 00");
        Request.Connect connect = (Request.Connect) decoded.commands().get(0).request();
        assertThat(connect.headers()).containsExactly(Map.entry("", ""));
        assertThat(connect.positions()).containsOnlyKeys("");
        assertThat(connect.positions().get("").channel()).isEmpty();
    }

    @Test
    void refusesATextFrame() {
        assertThat(codec.decode(new Encoded.Text("{}")).fault()).isNotNull();
    }

    @Test
    void carriesAnyPayload() {
        Payload noText = Payload.of(new byte[] {(byte) 0xC0});
        assertThat(codec.publication(new Publication(noText, null, 0, Map.of()))).isNotNull();
    }
}
