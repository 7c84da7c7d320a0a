package dev.channels.client.stream;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.PresenceChange;
import dev.channels.PresentClient;
import dev.channels.client.encoding.Codecs;
import dev.channels.client.protocol.ClientInfo;
import dev.channels.client.protocol.Codec;
import dev.channels.client.protocol.Encoded;
import dev.channels.client.protocol.EncodedPublication;
import dev.channels.client.protocol.Payload;
import dev.channels.client.protocol.Publication;
import dev.channels.client.protocol.PushContent;
import dev.channels.client.protocol.ServerMessage;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The forms in which an event goes to the clients of one encoding: each is made once, and shared by
 * all connections.
 */
public final class EventForms {

    /** Headers of an event that a client published; no other header leaves for clients. */
    private static final String CLIENT = "client-id";

    private static final String USER = "client-user";

    /** JSON, and Protobuf: with positions, and without. */
    private static final EventForms[] JSON = both(Codecs.json());

    private static final EventForms[] PROTOBUF = both(Codecs.protobuf());

    private final Codec codec;
    private final boolean positions;
    private final Function<ChannelEvent, EncodedPublication> publication = this::encode;
    private final Function<ChannelEvent, Encoded> push = this::encodePush;

    private record ToldChange(PresenceChange change, Encoded message) {}

    private volatile @Nullable ToldChange told;

    private EventForms(Codec codec, boolean positions) {
        this.codec = codec;
        this.positions = positions;
    }

    private static EventForms[] both(Codec codec) {
        return new EventForms[] {new EventForms(codec, false), new EventForms(codec, true)};
    }

    /**
     * Returns the forms of JSON.
     *
     * @param positions whether clients are told where the event stands
     */
    public static EventForms json(boolean positions) {
        return JSON[positions ? 1 : 0];
    }

    /**
     * Returns the forms of Protobuf.
     *
     * @param positions whether clients are told where the event stands
     */
    public static EventForms protobuf(boolean positions) {
        return PROTOBUF[positions ? 1 : 0];
    }

    /** Returns the encoding. */
    public Codec codec() {
        return codec;
    }

    /** Returns these forms with positions, or without. */
    public EventForms with(boolean wanted) {
        EventForms[] both = this == JSON[0] || this == JSON[1] ? JSON : PROTOBUF;
        return both[wanted ? 1 : 0];
    }

    /**
     * Returns an event for a list.
     *
     * @throws ChannelsException {@link ErrorCode#NOT_TEXT} if this encoding cannot carry it
     */
    public EncodedPublication publication(ChannelEvent event) {
        return event.form(publication);
    }

    /**
     * Returns an event as a message.
     *
     * @throws ChannelsException {@link ErrorCode#NOT_TEXT} if this encoding cannot carry it
     */
    public Encoded push(ChannelEvent event) {
        return event.form(push);
    }

    /** Returns the message that a client came or went; made once for all that are told at once. */
    public Encoded push(PresenceChange change) {
        ToldChange known = told;
        if (known == null || !known.change().equals(change)) {
            ClientInfo info = info(change.client());
            known =
                    new ToldChange(
                            change,
                            codec.encode(
                                    new ServerMessage.Push(
                                            change.channel(),
                                            change.entered()
                                                    ? new PushContent.Join(info)
                                                    : new PushContent.Leave(info))));
            told = known;
        }
        return known.message();
    }

    /** Returns a client as the protocol shows it. */
    public static ClientInfo info(PresentClient client) {
        return new ClientInfo(
                client.user(), client.id(), payload(client.info()), payload(client.channelInfo()));
    }

    private static Payload payload(@Nullable String json) {
        return json == null ? Payload.NONE : Payload.of(json);
    }

    private EncodedPublication encode(ChannelEvent event) {
        EncodedPublication encoded =
                codec.publication(
                        new Publication(
                                Payload.of(event.data()),
                                publisherOf(event.headers()),
                                positions ? event.position().offset() : 0,
                                Map.of()));
        if (encoded == null) {
            throw new ChannelsException(
                    ErrorCode.NOT_TEXT,
                    event
                            + " is not valid UTF-8, so clients that speak JSON do not get it. Publish"
                            + " text or JSON, or let these clients speak Protobuf.");
        }
        return encoded;
    }

    /** Returns the headers that say which client published an event. */
    public static Map<String, String> publisher(String user, String client) {
        return user.isEmpty() ? Map.of(CLIENT, client) : Map.of(USER, user, CLIENT, client);
    }

    private static @Nullable ClientInfo publisherOf(Map<String, String> headers) {
        String client = headers.get(CLIENT);
        return client == null
                ? null
                : new ClientInfo(
                        headers.getOrDefault(USER, ""), client, Payload.NONE, Payload.NONE);
    }

    private Encoded encodePush(ChannelEvent event) {
        return codec.push(event.channel(), encode(event));
    }
}
