package dev.channels.client.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import dev.channels.client.protocol.Codec;
import dev.channels.client.protocol.Command;
import dev.channels.client.protocol.Decoded;
import dev.channels.client.protocol.Encoded;
import dev.channels.client.protocol.Payload;
import dev.channels.client.protocol.Request;
import dev.channels.client.protocol.StreamPosition;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Both encodings against a real Protobuf library, and against each other. */
class CodecPropertiesTest {

    private static final Codec JSON = Codecs.json();
    private static final Codec PROTOBUF = Codecs.protobuf();

    // ---- From the client

    @Property
    void readsWhatAProtobufLibraryWrites(@ForAll long seed) throws IOException {
        DynamicMessage command = new RandomMessages(seed).command();
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        command.writeDelimitedTo(frame);
        command.writeDelimitedTo(frame);
        Command expected = expected(command);
        assertThat(PROTOBUF.decode(new Encoded.Binary(frame.toByteArray())))
                .isEqualTo(new Decoded(List.of(expected, expected), null));
    }

    @Property
    void readsTheSameInJson(@ForAll long seed) {
        DynamicMessage command = new RandomMessages(seed).command();
        // Written by hand, since a writer would change the numbers of the application's data.
        StringBuilder json = new StringBuilder();
        write(command, json);
        Command expected = expected(command);
        assertThat(JSON.decode(new Encoded.Text(json + "\n" + json + "\n")))
                .isEqualTo(new Decoded(List.of(expected, expected), null));
    }

    private static void write(Message message, StringBuilder json) {
        String separator = "{ ";
        for (Map.Entry<FieldDescriptor, Object> each : message.getAllFields().entrySet()) {
            FieldDescriptor field = each.getKey();
            json.append(separator).append('"').append(field.getName()).append("\" : ");
            separator = " ,\t";
            if (field.getType() == FieldDescriptor.Type.BYTES) {
                json.append(((ByteString) each.getValue()).toStringUtf8());
            } else if (field.isMapField()) {
                String next = "{";
                for (Object entry : (List<?>) each.getValue()) {
                    Message pair = (Message) entry;
                    FieldDescriptor key = pair.getDescriptorForType().findFieldByNumber(1);
                    FieldDescriptor value = pair.getDescriptorForType().findFieldByNumber(2);
                    json.append(next).append(Json.createValue((String) pair.getField(key)));
                    json.append(':');
                    next = ",";
                    if (pair.getField(value) instanceof Message nested) {
                        write(nested, json);
                    } else {
                        json.append(Json.createValue((String) pair.getField(value)));
                    }
                }
                json.append('}');
            } else if (each.getValue() instanceof Message nested) {
                write(nested, json);
            } else if (each.getValue() instanceof String text) {
                json.append(Json.createValue(text));
            } else {
                json.append(each.getValue());
            }
        }
        json.append(message.getAllFields().isEmpty() ? "{}" : " }");
    }

    /** Reads a command by the names of its fields. */
    private static Command expected(DynamicMessage command) {
        long id = (Integer) get(command, "id");
        for (FieldDescriptor field : Schema.COMMAND.getFields()) {
            if (field.getNumber() > 1 && command.hasField(field)) {
                return new Command(id, request(field.getName(), (Message) command.getField(field)));
            }
        }
        throw new IllegalArgumentException("No request in " + command);
    }

    private static Request request(String name, Message in) {
        return switch (name) {
            case "connect" ->
                    new Request.Connect(
                            text(in, "token"),
                            data(in),
                            map(in, "subs", it -> subscribe((Message) it)),
                            text(in, "name"),
                            text(in, "version"),
                            map(in, "headers", String.class::cast));
            case "subscribe" -> subscribe(in);
            case "unsubscribe" -> new Request.Unsubscribe(text(in, "channel"));
            case "publish" -> new Request.Publish(text(in, "channel"), data(in));
            case "presence" -> new Request.Presence(text(in, "channel"));
            case "presence_stats" -> new Request.PresenceStats(text(in, "channel"));
            case "history" ->
                    new Request.History(
                            text(in, "channel"),
                            (Integer) get(in, "limit"),
                            in.hasField(in.getDescriptorForType().findFieldByName("since"))
                                    ? position((Message) get(in, "since"))
                                    : null,
                            flag(in, "reverse"));
            case "send" -> new Request.Send(data(in));
            case "rpc" -> new Request.Rpc(text(in, "method"), data(in));
            case "refresh" -> new Request.Refresh(text(in, "token"));
            case "sub_refresh" -> new Request.SubRefresh(text(in, "channel"), text(in, "token"));
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static Request.Subscribe subscribe(Message in) {
        return new Request.Subscribe(
                text(in, "channel"),
                text(in, "token"),
                flag(in, "recover"),
                position(in),
                data(in),
                flag(in, "positioned"),
                flag(in, "recoverable"),
                flag(in, "join_leave"),
                (Long) get(in, "flag"));
    }

    private static StreamPosition position(Message in) {
        return new StreamPosition((Long) get(in, "offset"), text(in, "epoch"));
    }

    private static Object get(Message in, String name) {
        return in.getField(in.getDescriptorForType().findFieldByName(name));
    }

    private static String text(Message in, String name) {
        return (String) get(in, name);
    }

    private static boolean flag(Message in, String name) {
        return (Boolean) get(in, name);
    }

    private static Payload data(Message in) {
        return Payload.of(((ByteString) get(in, "data")).toByteArray());
    }

    private static <T> Map<String, T> map(Message in, String name, Function<Object, T> value) {
        Map<String, T> map = new HashMap<>();
        for (Object each : (List<?>) get(in, name)) {
            map.put(text((Message) each, "key"), value.apply(get((Message) each, "value")));
        }
        return map;
    }

    // ---- From the server

    @Property
    void aProtobufLibraryReadsWhatJsonSays(@ForAll long seed) throws IOException {
        Encoded protobuf = PROTOBUF.encode(new RandomMessages(seed).serverMessage(PROTOBUF));
        Encoded json = JSON.encode(new RandomMessages(seed).serverMessage(JSON));
        CodedInputStream in = CodedInputStream.newInstance(((Encoded.Binary) protobuf).bytes());
        in.pushLimit(in.readRawVarint32());
        DynamicMessage read = DynamicMessage.parseFrom(Schema.REPLY, in);
        assertThat(read.getUnknownFields().asMap()).isEmpty();
        assertThat(in.isAtEnd()).isTrue();
        assertThat(in.getTotalBytesRead()).isEqualTo(protobuf.size());
        assertThat(withoutDefaults(Schema.parse(((Encoded.Text) json).text()), ""))
                .isEqualTo(withoutDefaults(Schema.json(read), ""));
    }

    /** Leaves out what JSON has and Protobuf has not; not in the application's data. */
    private static JsonValue withoutDefaults(JsonValue value, String name) {
        if (List.of("data", "conn_info", "chan_info", "tags").contains(name)) {
            return value;
        }
        if (value instanceof JsonObject object) {
            JsonObjectBuilder rest = Json.createObjectBuilder();
            object.forEach(
                    (key, it) -> {
                        if (!isDefault(it, name, key)) {
                            rest.add(key, withoutDefaults(it, key));
                        }
                    });
            return rest.build();
        }
        if (value instanceof JsonArray array) {
            JsonArrayBuilder rest = Json.createArrayBuilder();
            array.forEach(it -> rest.add(withoutDefaults(it, "")));
            return rest.build();
        }
        return value;
    }

    private static boolean isDefault(JsonValue value, String outer, String name) {
        return value.equals(Json.createValue(""))
                || (value.equals(Json.createValue(0)) && !name.equals("data"))
                || value.equals(JsonValue.EMPTY_JSON_ARRAY) && name.equals("publications")
                || value.equals(JsonValue.EMPTY_JSON_OBJECT)
                        && name.equals("presence")
                        && outer.equals("presence");
    }
}
