package dev.channels.client.protocol;

import static dev.channels.spi.ChannelNames.printable;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The content of a command. Texts that a client left out are empty, numbers 0. */
public sealed interface Request {

    /**
     * Asks to be let in; the first command on a connection.
     *
     * @param token proves who the client is, to the application
     * @param data for the application
     * @param positions where the client stands in channels that the server subscribed it to
     * @param name the kind of client
     * @param version of the client's application
     * @param headers as a browser cannot send them; never to be trusted
     */
    record Connect(
            String token,
            Payload data,
            Map<String, Subscribe> positions,
            String name,
            String version,
            Map<String, String> headers)
            implements Request {

        /** Leaves out what may be a secret. */
        @Override
        public String toString() {
            return "Connect[" + printable(name) + " " + printable(version) + "]";
        }
    }

    /**
     * Asks for the events of a channel.
     *
     * @param channel its name
     * @param token proves that the client may, to the application
     * @param recover whether the events after the position are wanted
     * @param position what the client has seen
     * @param data for the application
     * @param positioned whether the client asks that its position be watched
     * @param recoverable whether the client asks for positions
     * @param joinLeave whether it asks to be told who comes and goes
     * @param flag what else the client understands, a bit each
     */
    record Subscribe(
            String channel,
            String token,
            boolean recover,
            StreamPosition position,
            Payload data,
            boolean positioned,
            boolean recoverable,
            boolean joinLeave,
            long flag)
            implements Request {

        /** The flag of a client that wants error 112 where it cannot recover. */
        private static final long WANTS_ERROR = 2;

        /**
         * Tells what a client wants that cannot recover.
         *
         * @return true for {@link ProtocolError#UNRECOVERABLE_POSITION}, false for a subscription
         *     that has not recovered
         */
        public boolean wantsErrorUnlessRecovered() {
            return (flag & WANTS_ERROR) != 0;
        }

        /** Leaves out what may be a secret. */
        @Override
        public String toString() {
            return "Subscribe[" + printable(channel) + "]";
        }
    }

    /**
     * Wants no more events of a channel.
     *
     * @param channel its name
     */
    record Unsubscribe(String channel) implements Request {

        @Override
        public String toString() {
            return "Unsubscribe[" + printable(channel) + "]";
        }
    }

    /**
     * Publishes an event.
     *
     * @param channel to which
     * @param data the payload
     */
    record Publish(String channel, Payload data) implements Request {

        /** Leaves the payload out. */
        @Override
        public String toString() {
            return "Publish[" + printable(channel) + "]";
        }
    }

    /**
     * Asks who is there.
     *
     * @param channel in which
     */
    record Presence(String channel) implements Request {

        @Override
        public String toString() {
            return "Presence[" + printable(channel) + "]";
        }
    }

    /**
     * Asks how many are there.
     *
     * @param channel in which
     */
    record PresenceStats(String channel) implements Request {

        @Override
        public String toString() {
            return "PresenceStats[" + printable(channel) + "]";
        }
    }

    /**
     * Asks for past events.
     *
     * @param channel of which
     * @param limit how many; 0 for the channel's position only, negative for all
     * @param since after which, or before which if reversed; null from the oldest, or from the
     *     newest if reversed
     * @param reverse whether the newest come first
     */
    record History(String channel, int limit, @Nullable StreamPosition since, boolean reverse)
            implements Request {

        @Override
        public String toString() {
            return "History[" + printable(channel) + "]";
        }
    }

    /**
     * Calls the application, and waits for a reply.
     *
     * @param method what is called
     * @param data for the application
     */
    record Rpc(String method, Payload data) implements Request {

        /** Leaves the data out. */
        @Override
        public String toString() {
            return "Rpc[" + printable(method) + "]";
        }
    }

    /**
     * Sends something to the application, without a reply.
     *
     * @param data for the application
     */
    record Send(Payload data) implements Request {}

    /**
     * Proves anew who the client is.
     *
     * @param token for the application
     */
    record Refresh(String token) implements Request {

        /** Leaves the token out. */
        @Override
        public String toString() {
            return "Refresh[]";
        }
    }

    /**
     * Proves anew that the client may be subscribed.
     *
     * @param channel to which
     * @param token for the application
     */
    record SubRefresh(String channel, String token) implements Request {

        /** Leaves the token out. */
        @Override
        public String toString() {
            return "SubRefresh[" + printable(channel) + "]";
        }
    }

    /** Answers a ping. */
    record Pong() implements Request {}

    /** Asks for something that this server does not know. */
    record Unknown() implements Request {}
}
