package dev.channels.client.encoding;

import dev.channels.client.protocol.Command;
import dev.channels.client.protocol.Payload;
import dev.channels.client.protocol.Request;
import dev.channels.client.protocol.StreamPosition;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of all commands, for both encodings. */
final class CommandReader {

    private static final long MAX_ID = 0xFFFF_FFFFL;

    private static final Fields COMMAND =
            Fields.of(
                    "1 id",
                    "4 connect",
                    "5 subscribe",
                    "6 unsubscribe",
                    "7 publish",
                    "8 presence",
                    "9 presence_stats",
                    "10 history",
                    "12 send",
                    "13 rpc",
                    "14 refresh",
                    "15 sub_refresh");
    private static final Fields CONNECT =
            Fields.of("1 token", "2 data", "3 subs", "4 name", "5 version", "6 headers");
    private static final Fields SUBSCRIBE =
            Fields.of(
                    "1 channel",
                    "2 token",
                    "3 recover",
                    "6 epoch",
                    "7 offset",
                    "8 data",
                    "9 positioned",
                    "10 recoverable",
                    "11 join_leave",
                    "14 flag");
    private static final Fields CHANNEL = Fields.of("1 channel");
    private static final Fields PUBLISH = Fields.of("1 channel", "2 data");
    private static final Fields HISTORY = Fields.of("1 channel", "7 limit", "8 since", "9 reverse");
    private static final Fields SINCE = Fields.of("1 offset", "2 epoch");
    private static final Fields RPC = Fields.of("1 data", "2 method");
    private static final Fields SEND = Fields.of("1 data");
    private static final Fields REFRESH = Fields.of("1 token");
    private static final Fields SUB_REFRESH = Fields.of("1 channel", "2 token");

    private CommandReader() {}

    /** Reads a command. Where a client asks for several things at once, the first field counts. */
    static Command command(MessageReader in) throws ProtocolException {
        long id = 0;
        int least = Integer.MAX_VALUE;
        Request request = null;
        for (int field = in.next(COMMAND); field != 0; field = in.next(COMMAND)) {
            if (field == 1) {
                id = in.unsigned();
                continue;
            }
            Request read = in.message(body(field));
            if (read != null && field < least) {
                request = read;
                least = field;
            }
        }
        return command(id, request);
    }

    private static Command command(long id, @Nullable Request request) throws ProtocolException {
        if (id > MAX_ID) {
            throw new ProtocolException("A command's id is above " + MAX_ID);
        }
        if (id == 0 && request != null && !(request instanceof Request.Send)) {
            throw new ProtocolException("A command has no id");
        }
        if (request != null) {
            return new Command(id, request);
        }
        return id == 0 ? Command.PONG : new Command(id, new Request.Unknown());
    }

    private static MessageReader.Body<Request> body(int field) {
        return switch (field) {
            case 4 -> CommandReader::connect;
            case 5 -> CommandReader::subscribe;
            case 6 -> in -> new Request.Unsubscribe(channel(in));
            case 7 -> CommandReader::publish;
            case 8 -> in -> new Request.Presence(channel(in));
            case 9 -> in -> new Request.PresenceStats(channel(in));
            case 10 -> CommandReader::history;
            case 12 -> CommandReader::send;
            case 13 -> CommandReader::rpc;
            case 14 -> CommandReader::refresh;
            case 15 -> CommandReader::subRefresh;
            default -> throw new IllegalArgumentException("No request has the number " + field);
        };
    }

    private static Request connect(MessageReader in) throws ProtocolException {
        String token = "";
        Payload data = Payload.NONE;
        Map<String, Request.Subscribe> positions = new HashMap<>();
        String name = "";
        String version = "";
        Map<String, String> headers = new HashMap<>();
        for (int field = in.next(CONNECT); field != 0; field = in.next(CONNECT)) {
            switch (field) {
                case 1 -> token = in.text();
                case 2 -> data = in.data();
                case 3 -> in.messages(positions, CommandReader::subscribe);
                case 4 -> name = in.text();
                case 5 -> version = in.text();
                default -> in.texts(headers);
            }
        }
        return new Request.Connect(
                token, data, Map.copyOf(positions), name, version, Map.copyOf(headers));
    }

    private static Request.Subscribe subscribe(MessageReader in) throws ProtocolException {
        String channel = "";
        String token = "";
        boolean recover = false;
        String epoch = "";
        long offset = 0;
        Payload data = Payload.NONE;
        boolean positioned = false;
        boolean recoverable = false;
        boolean joinLeave = false;
        long flag = 0;
        for (int field = in.next(SUBSCRIBE); field != 0; field = in.next(SUBSCRIBE)) {
            switch (field) {
                case 1 -> channel = in.text();
                case 2 -> token = in.text();
                case 3 -> recover = in.flag();
                case 6 -> epoch = in.text();
                case 7 -> offset = in.unsigned();
                case 8 -> data = in.data();
                case 9 -> positioned = in.flag();
                case 10 -> recoverable = in.flag();
                case 11 -> joinLeave = in.flag();
                default -> flag = in.signed();
            }
        }
        return new Request.Subscribe(
                channel,
                token,
                recover,
                new StreamPosition(offset, epoch),
                data,
                positioned,
                recoverable,
                joinLeave,
                flag);
    }

    private static String channel(MessageReader in) throws ProtocolException {
        String channel = "";
        while (in.next(CHANNEL) != 0) {
            channel = in.text();
        }
        return channel;
    }

    private static Request publish(MessageReader in) throws ProtocolException {
        String channel = "";
        Payload data = Payload.NONE;
        for (int field = in.next(PUBLISH); field != 0; field = in.next(PUBLISH)) {
            if (field == 1) {
                channel = in.text();
            } else {
                data = in.data();
            }
        }
        return new Request.Publish(channel, data);
    }

    private static Request history(MessageReader in) throws ProtocolException {
        String channel = "";
        long limit = 0;
        StreamPosition since = null;
        boolean reverse = false;
        for (int field = in.next(HISTORY); field != 0; field = in.next(HISTORY)) {
            switch (field) {
                case 1 -> channel = in.text();
                case 7 -> limit = in.signed();
                case 8 -> since = in.message(CommandReader::since);
                default -> reverse = in.flag();
            }
        }
        int bounded = (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, limit));
        return new Request.History(channel, bounded, since, reverse);
    }

    private static StreamPosition since(MessageReader in) throws ProtocolException {
        long offset = 0;
        String epoch = "";
        for (int field = in.next(SINCE); field != 0; field = in.next(SINCE)) {
            if (field == 1) {
                offset = in.unsigned();
            } else {
                epoch = in.text();
            }
        }
        return new StreamPosition(offset, epoch);
    }

    private static Request rpc(MessageReader in) throws ProtocolException {
        Payload data = Payload.NONE;
        String method = "";
        for (int field = in.next(RPC); field != 0; field = in.next(RPC)) {
            if (field == 1) {
                data = in.data();
            } else {
                method = in.text();
            }
        }
        return new Request.Rpc(method, data);
    }

    private static Request send(MessageReader in) throws ProtocolException {
        Payload data = Payload.NONE;
        while (in.next(SEND) != 0) {
            data = in.data();
        }
        return new Request.Send(data);
    }

    private static Request refresh(MessageReader in) throws ProtocolException {
        String token = "";
        while (in.next(REFRESH) != 0) {
            token = in.text();
        }
        return new Request.Refresh(token);
    }

    private static Request subRefresh(MessageReader in) throws ProtocolException {
        String channel = "";
        String token = "";
        for (int field = in.next(SUB_REFRESH); field != 0; field = in.next(SUB_REFRESH)) {
            if (field == 1) {
                channel = in.text();
            } else {
                token = in.text();
            }
        }
        return new Request.SubRefresh(channel, token);
    }
}
