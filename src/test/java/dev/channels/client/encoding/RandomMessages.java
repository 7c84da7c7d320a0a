package dev.channels.client.encoding;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import dev.channels.client.protocol.ClientInfo;
import dev.channels.client.protocol.Codec;
import dev.channels.client.protocol.DisconnectCode;
import dev.channels.client.protocol.EncodedPublication;
import dev.channels.client.protocol.Payload;
import dev.channels.client.protocol.ProtocolError;
import dev.channels.client.protocol.Publication;
import dev.channels.client.protocol.PushContent;
import dev.channels.client.protocol.Result;
import dev.channels.client.protocol.ServerMessage;
import dev.channels.client.protocol.StreamPosition;
import dev.channels.client.protocol.UnsubscribeCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/** Messages of all kinds, from a seed. */
final class RandomMessages {

    private static final List<String> TEXTS =
            List.of(
                    "",
                    "a",
                    "acc:a",
                    "grüße",
                    "日本",
                    "\uD83D\uDE00",
                    "\"\\\b\u0001\u007F\n",
                    "x".repeat(300));
    private static final List<String> VALUES =
            List.of(
                    "1",
                    "-0.0",
                    "1.50",
                    "12345678901234567890.12345678901234567890e-7",
                    "null",
                    "true",
                    "\"\\ud83d\\u00e9 \\/ \uD83D\uDE00\"",
                    "{}",
                    "[]",
                    "{\"a\":[1,{\"b\":\"]}\"}],\"a\":2}",
                    "[\"" + "y".repeat(9000) + "\"]",
                    "\"" + "z".repeat(200) + "\"");
    private static final long[] LONGS = {0, 1, 127, 128, 16384, 1L << 31, 1L << 53, Long.MAX_VALUE};

    private final Random random;

    RandomMessages(long seed) {
        random = new Random(seed);
    }

    private String text() {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private String json() {
        return VALUES.get(random.nextInt(VALUES.size()));
    }

    private Payload payload() {
        return random.nextBoolean() ? Payload.NONE : Payload.of(json());
    }

    private long number() {
        return LONGS[random.nextInt(LONGS.length)];
    }

    private int small() {
        return random.nextInt(3) * random.nextInt(1000);
    }

    // ---- What clients send, made by a Protobuf library

    /** Returns a command with exactly one request, in which any field may be left out. */
    DynamicMessage command() {
        DynamicMessage.Builder command = Schema.command();
        List<FieldDescriptor> fields = Schema.COMMAND.getFields();
        command.setField(fields.get(0), 1 + random.nextInt(Integer.MAX_VALUE - 1));
        FieldDescriptor request = fields.get(1 + random.nextInt(fields.size() - 1));
        return command.setField(request, message(request.getMessageType())).build();
    }

    private DynamicMessage message(Descriptor type) {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
        for (FieldDescriptor field : type.getFields()) {
            if (field.isRepeated()) {
                for (int i = random.nextInt(3); i > 0; i--) {
                    message.addRepeatedField(field, entry(field.getMessageType(), "key" + i));
                }
            } else if (random.nextInt(4) > 0) {
                message.setField(field, value(field));
            }
        }
        return message.build();
    }

    private DynamicMessage entry(Descriptor type, String key) {
        return DynamicMessage.newBuilder(type)
                .setField(type.findFieldByNumber(1), key)
                .setField(type.findFieldByNumber(2), value(type.findFieldByNumber(2)))
                .build();
    }

    private Object value(FieldDescriptor field) {
        return switch (field.getType()) {
            case MESSAGE -> message(field.getMessageType());
            case BYTES -> ByteString.copyFromUtf8(json());
            case STRING -> text();
            case BOOL -> random.nextBoolean();
            case INT32 -> random.nextBoolean() ? -1 : random.nextInt();
            case INT64 -> random.nextBoolean() ? -1L : random.nextLong();
            case UINT32 -> random.nextInt(Integer.MAX_VALUE);
            default -> number();
        };
    }

    // ---- What servers send

    /**
     * Returns a message.
     *
     * @param codec encodes what is encoded first
     */
    ServerMessage serverMessage(Codec codec) {
        return switch (random.nextInt(10)) {
            case 0 -> new ServerMessage.Ping();
            case 1 ->
                    new ServerMessage.Failure(
                            1 + small(),
                            new ProtocolError(100 + small(), text(), random.nextBoolean()));
            case 2, 3, 4 -> new ServerMessage.Push(text(), pushContent(codec));
            default -> new ServerMessage.Reply(1 + small(), result(codec));
        };
    }

    private PushContent pushContent(Codec codec) {
        return switch (random.nextInt(7)) {
            case 0 -> new PushContent.Join(clientInfo());
            case 1 -> new PushContent.Leave(clientInfo());
            case 2 -> new PushContent.Unsubscribed(new UnsubscribeCode(small(), text()));
            case 3 -> new PushContent.Message(payload());
            case 4 -> new PushContent.Subscribed(position(), payload());
            case 5 -> new PushContent.Disconnected(new DisconnectCode(small(), text()));
            default -> new PushContent.Published(publication(codec));
        };
    }

    private Result result(Codec codec) {
        return switch (random.nextInt(10)) {
            case 0 ->
                    new Result.Connect(
                            text(),
                            text(),
                            small(),
                            payload(),
                            map(() -> subscribed(codec)),
                            small(),
                            random.nextBoolean(),
                            text(),
                            text());
            case 1 -> subscribed(codec);
            case 2 -> new Result.Unsubscribe();
            case 3 -> new Result.Publish();
            case 4 -> new Result.Presence(map(this::clientInfo));
            case 5 -> new Result.PresenceStats(small(), small());
            case 6 -> new Result.History(list(() -> publication(codec)), anyPosition());
            case 7 -> new Result.Rpc(payload());
            case 8 -> new Result.Refresh(text(), text(), small());
            default -> new Result.SubRefresh(small());
        };
    }

    private Result.Subscribe subscribed(Codec codec) {
        Result.Recovery[] recoveries = Result.Recovery.values();
        return new Result.Subscribe(
                small(),
                position(),
                recoveries[random.nextInt(recoveries.length)],
                list(() -> publication(codec)),
                payload());
    }

    private StreamPosition position() {
        return random.nextBoolean() ? null : anyPosition();
    }

    private StreamPosition anyPosition() {
        return new StreamPosition(number(), text());
    }

    private EncodedPublication publication(Codec codec) {
        return codec.publication(
                new Publication(
                        payload(),
                        random.nextBoolean() ? null : clientInfo(),
                        number(),
                        map(this::text)));
    }

    private ClientInfo clientInfo() {
        return new ClientInfo(text(), text(), payload(), payload());
    }

    private <T> List<T> list(Supplier<T> element) {
        List<T> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            list.add(element.get());
        }
        return list;
    }

    private <T> Map<String, T> map(Supplier<T> value) {
        Map<String, T> map = new HashMap<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            map.put(text(), value.get());
        }
        return map;
    }
}
