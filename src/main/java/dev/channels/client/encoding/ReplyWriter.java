package dev.channels.client.encoding;

import dev.channels.client.protocol.ClientInfo;
import dev.channels.client.protocol.DisconnectCode;
import dev.channels.client.protocol.ProtocolError;
import dev.channels.client.protocol.Publication;
import dev.channels.client.protocol.PushContent;
import dev.channels.client.protocol.Result;
import dev.channels.client.protocol.ServerMessage;
import dev.channels.client.protocol.StreamPosition;
import dev.channels.client.protocol.UnsubscribeCode;
import org.jspecify.annotations.Nullable;

/** The fields of all that the server sends, for both encodings. */
final class ReplyWriter {

    private ReplyWriter() {}

    static void message(ServerMessage message, MessageWriter out) {
        if (message instanceof ServerMessage.Reply reply) {
            out.number(1, "id", reply.id());
            result(reply.result(), out);
        } else if (message instanceof ServerMessage.Failure failure) {
            out.number(1, "id", failure.id());
            out.message(2, "error", failure.error(), ReplyWriter::error);
        } else if (message instanceof ServerMessage.Push push) {
            out.message(4, "push", push, ReplyWriter::push);
        }
        // A ping is empty.
    }

    private static void error(ProtocolError error, MessageWriter out) {
        out.number(1, "code", error.code());
        out.alwaysText(2, "message", error.message());
        out.flag(3, "temporary", error.temporary());
    }

    // ---- Results

    private static void result(Result result, MessageWriter out) {
        if (result instanceof Result.Connect connect) {
            out.message(5, "connect", connect, ReplyWriter::connect);
        } else if (result instanceof Result.Subscribe subscribe) {
            out.message(6, "subscribe", subscribe, ReplyWriter::subscribe);
        } else if (result instanceof Result.Unsubscribe) {
            out.message(7, "unsubscribe", result, ReplyWriter::nothing);
        } else if (result instanceof Result.Publish) {
            out.message(8, "publish", result, ReplyWriter::nothing);
        } else if (result instanceof Result.Presence presence) {
            out.message(9, "presence", presence, ReplyWriter::presence);
        } else if (result instanceof Result.PresenceStats stats) {
            out.message(10, "presence_stats", stats, ReplyWriter::presenceStats);
        } else if (result instanceof Result.History history) {
            out.message(11, "history", history, ReplyWriter::history);
        } else if (result instanceof Result.Rpc rpc) {
            out.message(13, "rpc", rpc, (it, to) -> to.data(1, "data", it.data()));
        } else if (result instanceof Result.Refresh refresh) {
            out.message(14, "refresh", refresh, ReplyWriter::refresh);
        } else if (result instanceof Result.SubRefresh refresh) {
            out.message(15, "sub_refresh", refresh, (it, to) -> expiry(1, it.timeToLive(), to));
        }
    }

    private static void nothing(Result result, MessageWriter out) {}

    private static void connect(Result.Connect connect, MessageWriter out) {
        out.alwaysText(1, "client", connect.client());
        out.text(2, "version", connect.version());
        expiry(3, connect.timeToLive(), out);
        out.data(5, "data", connect.data());
        out.messages(6, "subs", connect.subscriptions(), ReplyWriter::subscribe);
        out.number(7, "ping", connect.pingSeconds());
        out.flag(8, "pong", connect.pong());
        out.text(9, "session", connect.session());
        out.text(10, "node", connect.node());
    }

    /** Writes "expires" and, in the next field, "ttl". */
    private static void expiry(int number, int timeToLive, MessageWriter out) {
        out.flag(number, "expires", timeToLive > 0);
        out.number(number + 1, "ttl", timeToLive);
    }

    private static void subscribe(Result.Subscribe subscribe, MessageWriter out) {
        StreamPosition position = subscribe.position();
        expiry(1, subscribe.timeToLive(), out);
        out.flag(3, "recoverable", position != null);
        out.text(6, "epoch", epoch(position));
        out.publications(7, "publications", subscribe.publications());
        out.flag(8, "recovered", subscribe.recovery() == Result.Recovery.RECOVERED);
        out.number(9, "offset", offset(position));
        out.flag(10, "positioned", position != null);
        out.data(11, "data", subscribe.data());
        out.flag(12, "was_recovering", subscribe.recovery() != Result.Recovery.NONE);
    }

    private static String epoch(@Nullable StreamPosition position) {
        return position == null ? "" : position.epoch();
    }

    private static long offset(@Nullable StreamPosition position) {
        return position == null ? 0 : position.offset();
    }

    private static void presence(Result.Presence presence, MessageWriter out) {
        out.alwaysMessages(1, "presence", presence.clients(), ReplyWriter::clientInfo);
    }

    private static void presenceStats(Result.PresenceStats stats, MessageWriter out) {
        out.alwaysNumber(1, "num_clients", stats.clients());
        out.alwaysNumber(2, "num_users", stats.users());
    }

    private static void history(Result.History history, MessageWriter out) {
        out.alwaysPublications(1, "publications", history.publications());
        out.alwaysText(2, "epoch", history.position().epoch());
        out.alwaysNumber(3, "offset", history.position().offset());
    }

    private static void refresh(Result.Refresh refresh, MessageWriter out) {
        out.text(1, "client", refresh.client());
        out.text(2, "version", refresh.version());
        expiry(3, refresh.timeToLive(), out);
    }

    // ---- Pushes

    private static void push(ServerMessage.Push push, MessageWriter out) {
        out.text(2, "channel", push.channel());
        PushContent content = push.content();
        if (content instanceof PushContent.Published published) {
            out.publication(4, "pub", published.publication());
        } else if (content instanceof PushContent.Join join) {
            out.message(5, "join", join.info(), ReplyWriter::info);
        } else if (content instanceof PushContent.Leave leave) {
            out.message(6, "leave", leave.info(), ReplyWriter::info);
        } else if (content instanceof PushContent.Unsubscribed unsubscribed) {
            out.message(7, "unsubscribe", unsubscribed.code(), ReplyWriter::unsubscribed);
        } else if (content instanceof PushContent.Message message) {
            out.message(8, "message", message, (it, to) -> to.data(1, "data", it.data()));
        } else if (content instanceof PushContent.Subscribed subscribed) {
            out.message(9, "subscribe", subscribed, ReplyWriter::subscribed);
        } else if (content instanceof PushContent.Disconnected disconnected) {
            out.message(11, "disconnect", disconnected.code(), ReplyWriter::disconnected);
        }
    }

    private static void info(ClientInfo info, MessageWriter out) {
        out.message(1, "info", info, ReplyWriter::clientInfo);
    }

    private static void unsubscribed(UnsubscribeCode code, MessageWriter out) {
        out.alwaysNumber(2, "code", code.code());
        out.alwaysText(3, "reason", code.reason());
    }

    private static void subscribed(PushContent.Subscribed subscribed, MessageWriter out) {
        StreamPosition position = subscribed.position();
        out.flag(1, "recoverable", position != null);
        out.text(4, "epoch", epoch(position));
        out.number(5, "offset", offset(position));
        out.flag(6, "positioned", position != null);
        out.data(7, "data", subscribed.data());
    }

    private static void disconnected(DisconnectCode code, MessageWriter out) {
        out.alwaysNumber(1, "code", code.code());
        out.alwaysText(2, "reason", code.reason());
        out.flag(3, "reconnect", code.reconnects());
    }

    // ---- What they share

    private static void clientInfo(ClientInfo info, MessageWriter out) {
        out.alwaysText(1, "user", info.user());
        out.alwaysText(2, "client", info.client());
        out.data(3, "conn_info", info.connectionInfo());
        out.data(4, "chan_info", info.channelInfo());
    }

    /** Writes what stands in pushes and in lists. */
    static void publication(Publication publication, MessageWriter out) {
        out.data(4, "data", publication.data());
        ClientInfo info = publication.info();
        if (info != null) {
            out.message(5, "info", info, ReplyWriter::clientInfo);
        }
        out.number(6, "offset", publication.offset());
        out.texts(7, "tags", publication.tags());
    }
}
