package dev.channels.client.encoding;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.List;
import java.util.Map;

/**
 * The messages as a real Protobuf library sees them: a table of its own, so that a wrong number in
 * the codec does not go unseen.
 */
final class Schema {

    private static final Map<String, Type> TYPES =
            Map.of(
                    "u32", Type.TYPE_UINT32,
                    "u64", Type.TYPE_UINT64,
                    "i32", Type.TYPE_INT32,
                    "i64", Type.TYPE_INT64,
                    "bool", Type.TYPE_BOOL,
                    "string", Type.TYPE_STRING,
                    "bytes", Type.TYPE_BYTES);

    private static final FileDescriptor FILE = build();

    static final Descriptor COMMAND = FILE.findMessageTypeByName("Command");
    static final Descriptor REPLY = FILE.findMessageTypeByName("Reply");

    private Schema() {}

    private static FileDescriptor build() {
        FileDescriptorProto.Builder file =
                FileDescriptorProto.newBuilder().setName("messages").setSyntax("proto3");
        commands(file);
        replies(file);
        shared(file);
        try {
            return FileDescriptor.buildFrom(file.build(), new FileDescriptor[0]);
        } catch (DescriptorValidationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void commands(FileDescriptorProto.Builder file) {
        message(
                file,
                "Command",
                "id=1 u32",
                "connect=4 ConnectRequest",
                "subscribe=5 SubscribeRequest",
                "unsubscribe=6 UnsubscribeRequest",
                "publish=7 PublishRequest",
                "presence=8 PresenceRequest",
                "presence_stats=9 PresenceStatsRequest",
                "history=10 HistoryRequest",
                "send=12 SendRequest",
                "rpc=13 RpcRequest",
                "refresh=14 RefreshRequest",
                "sub_refresh=15 SubRefreshRequest");
        message(
                file,
                "ConnectRequest",
                "token=1 string",
                "data=2 bytes",
                "subs=3 map SubscribeRequest",
                "name=4 string",
                "version=5 string",
                "headers=6 map string",
                "flag=7 i64");
        message(
                file,
                "SubscribeRequest",
                "channel=1 string",
                "token=2 string",
                "recover=3 bool",
                "epoch=6 string",
                "offset=7 u64",
                "data=8 bytes",
                "positioned=9 bool",
                "recoverable=10 bool",
                "join_leave=11 bool",
                "delta=12 string",
                "flag=14 i64");
        message(file, "UnsubscribeRequest", "channel=1 string");
        message(file, "PublishRequest", "channel=1 string", "data=2 bytes");
        message(file, "PresenceRequest", "channel=1 string");
        message(file, "PresenceStatsRequest", "channel=1 string");
        message(
                file,
                "HistoryRequest",
                "channel=1 string",
                "limit=7 i32",
                "since=8 StreamPosition",
                "reverse=9 bool");
        message(file, "StreamPosition", "offset=1 u64", "epoch=2 string");
        message(file, "SendRequest", "data=1 bytes");
        message(file, "RpcRequest", "data=1 bytes", "method=2 string");
        message(file, "RefreshRequest", "token=1 string");
        message(file, "SubRefreshRequest", "channel=1 string", "token=2 string");
    }

    private static void replies(FileDescriptorProto.Builder file) {
        message(
                file,
                "Reply",
                "id=1 u32",
                "error=2 Error",
                "push=4 Push",
                "connect=5 ConnectResult",
                "subscribe=6 SubscribeResult",
                "unsubscribe=7 Empty",
                "publish=8 Empty",
                "presence=9 PresenceResult",
                "presence_stats=10 PresenceStatsResult",
                "history=11 HistoryResult",
                "rpc=13 RpcResult",
                "refresh=14 RefreshResult",
                "sub_refresh=15 SubRefreshResult");
        message(file, "Empty");
        message(file, "Error", "code=1 u32", "message=2 string", "temporary=3 bool");
        message(
                file,
                "ConnectResult",
                "client=1 string",
                "version=2 string",
                "expires=3 bool",
                "ttl=4 u32",
                "data=5 bytes",
                "subs=6 map SubscribeResult",
                "ping=7 u32",
                "pong=8 bool",
                "session=9 string",
                "node=10 string");
        message(
                file,
                "SubscribeResult",
                "expires=1 bool",
                "ttl=2 u32",
                "recoverable=3 bool",
                "epoch=6 string",
                "publications=7 list Publication",
                "recovered=8 bool",
                "offset=9 u64",
                "positioned=10 bool",
                "data=11 bytes",
                "was_recovering=12 bool");
        message(file, "PresenceResult", "presence=1 map ClientInfo");
        message(file, "PresenceStatsResult", "num_clients=1 u32", "num_users=2 u32");
        message(
                file,
                "HistoryResult",
                "publications=1 list Publication",
                "epoch=2 string",
                "offset=3 u64");
        message(file, "RpcResult", "data=1 bytes");
        message(
                file,
                "RefreshResult",
                "client=1 string",
                "version=2 string",
                "expires=3 bool",
                "ttl=4 u32");
        message(file, "SubRefreshResult", "expires=1 bool", "ttl=2 u32");
    }

    private static void shared(FileDescriptorProto.Builder file) {
        message(
                file,
                "Push",
                "channel=2 string",
                "pub=4 Publication",
                "join=5 Info",
                "leave=6 Info",
                "unsubscribe=7 UnsubscribePush",
                "message=8 MessagePush",
                "subscribe=9 SubscribePush",
                "disconnect=11 DisconnectPush");
        message(
                file,
                "Publication",
                "data=4 bytes",
                "info=5 ClientInfo",
                "offset=6 u64",
                "tags=7 map string");
        message(
                file,
                "ClientInfo",
                "user=1 string",
                "client=2 string",
                "conn_info=3 bytes",
                "chan_info=4 bytes");
        message(file, "Info", "info=1 ClientInfo");
        message(file, "UnsubscribePush", "code=2 u32", "reason=3 string");
        message(file, "MessagePush", "data=1 bytes");
        message(
                file,
                "SubscribePush",
                "recoverable=1 bool",
                "epoch=4 string",
                "offset=5 u64",
                "positioned=6 bool",
                "data=7 bytes");
        message(file, "DisconnectPush", "code=1 u32", "reason=2 string", "reconnect=3 bool");
    }

    /** A field is {@code name=number [list|map] type}. */
    private static void message(FileDescriptorProto.Builder file, String name, String... fields) {
        DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(name);
        for (String field : fields) {
            String[] parts = field.split("[= ]");
            int number = Integer.parseInt(parts[1]);
            String type = parts[parts.length - 1];
            switch (parts.length == 4 ? parts[2] : "") {
                case "list" -> message.addField(field(parts[0], number, type, true));
                case "map" -> {
                    String entry =
                            Character.toUpperCase(parts[0].charAt(0))
                                    + parts[0].substring(1)
                                    + "Entry";
                    DescriptorProto.Builder nested =
                            DescriptorProto.newBuilder()
                                    .setName(entry)
                                    .addField(field("key", 1, "string", false))
                                    .addField(field("value", 2, type, false));
                    nested.getOptionsBuilder().setMapEntry(true);
                    message.addNestedType(nested);
                    message.addField(field(parts[0], number, name + "." + entry, true));
                }
                default -> message.addField(field(parts[0], number, type, false));
            }
        }
        file.addMessageType(message);
    }

    private static FieldDescriptorProto field(
            String name, int number, String type, boolean repeated) {
        FieldDescriptorProto.Builder field =
                FieldDescriptorProto.newBuilder()
                        .setName(name)
                        .setNumber(number)
                        .setLabel(repeated ? Label.LABEL_REPEATED : Label.LABEL_OPTIONAL);
        Type scalar = TYPES.get(type);
        if (scalar == null) {
            field.setType(Type.TYPE_MESSAGE).setTypeName("." + type);
        } else {
            field.setType(scalar);
        }
        return field.build();
    }

    // ---- The same message in JSON

    /** Returns a message as the protocol has it in JSON; bytes must be JSON. */
    static JsonObject json(Message message) {
        JsonObjectBuilder object = Json.createObjectBuilder();
        message.getAllFields()
                .forEach((field, value) -> object.add(field.getName(), json(field, value)));
        return object.build();
    }

    private static JsonValue json(FieldDescriptor field, Object value) {
        if (field.isMapField()) {
            JsonObjectBuilder map = Json.createObjectBuilder();
            for (Object entry : (List<?>) value) {
                Message each = (Message) entry;
                FieldDescriptor key = each.getDescriptorForType().findFieldByNumber(1);
                FieldDescriptor of = each.getDescriptorForType().findFieldByNumber(2);
                map.add((String) each.getField(key), single(of, each.getField(of)));
            }
            return map.build();
        }
        if (field.isRepeated()) {
            JsonArrayBuilder list = Json.createArrayBuilder();
            ((List<?>) value).forEach(each -> list.add(single(field, each)));
            return list.build();
        }
        return single(field, value);
    }

    private static JsonValue single(FieldDescriptor field, Object value) {
        return switch (field.getType()) {
            case MESSAGE -> json((Message) value);
            case BYTES -> parse(((ByteString) value).toStringUtf8());
            case STRING -> Json.createValue((String) value);
            case BOOL -> (Boolean) value ? JsonValue.TRUE : JsonValue.FALSE;
            case UINT32 -> Json.createValue(Integer.toUnsignedLong((Integer) value));
            case INT32 -> Json.createValue((Integer) value);
            default -> Json.createValue((Long) value);
        };
    }

    static JsonValue parse(String json) {
        try (var reader = Json.createReader(new StringReader(json))) {
            return reader.readValue();
        }
    }

    static DynamicMessage.Builder command() {
        return DynamicMessage.newBuilder(COMMAND);
    }
}
