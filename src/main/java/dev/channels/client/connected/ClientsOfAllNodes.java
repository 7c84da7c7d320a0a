package dev.channels.client.connected;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.ChannelsPlugin;
import dev.channels.ClientConnections;
import dev.channels.ClientsEverywhere;
import dev.channels.ConnectedClient;
import dev.channels.Delivery;
import dev.channels.ErrorCode;
import dev.channels.EventSender;
import dev.channels.Refused;
import dev.channels.Start;
import dev.channels.UserChannels;
import dev.channels.client.connected.Order.Action;
import dev.channels.spi.ChannelNames;
import dev.channels.spi.Log;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The clients of this node, and what reaches those of the others: an {@link Order}, published to a
 * channel that every node with a client endpoint follows. Safe for use by any thread.
 */
public final class ClientsOfAllNodes implements ClientConnections {

    private final OpenClients here;
    private final ChannelsPlugin plugin;
    private final Function<Object, byte[]> encoder;
    private final Consumer<String> ending;
    private final UUID node = UUID.randomUUID();
    private final AtomicBoolean listening = new AtomicBoolean();
    private final AtomicBoolean saidUnreadable = new AtomicBoolean();

    /**
     * Makes what hears nothing yet of the other nodes.
     *
     * @param here the clients of this node
     * @param plugin carries orders
     * @param encoder of data that the application sends
     * @param ending ends the connections of a user to this node at all doors
     */
    public ClientsOfAllNodes(
            OpenClients here,
            ChannelsPlugin plugin,
            Function<Object, byte[]> encoder,
            Consumer<String> ending) {
        this.here = here;
        this.plugin = plugin;
        this.encoder = encoder;
        this.ending = ending;
    }

    /**
     * Does from now on what other nodes order, until the plugin stops; to be called once it runs,
     * any number of times.
     */
    public void listen() {
        if (!listening.compareAndSet(false, true)) {
            return;
        }
        try {
            plugin.openSubscription(new Orders()).join(Start.now(), UserChannels.OF_NOBODY);
        } catch (ChannelsException e) {
            // The application is stopping.
            listening.set(false);
            Log.detail(e.errorCode(), () -> "Orders of other nodes are not heard", e);
        }
    }

    @Override
    public List<ConnectedClient> all() {
        return here.all();
    }

    @Override
    public Optional<ConnectedClient> byId(String id) {
        return here.byId(id);
    }

    @Override
    public List<ConnectedClient> byUser(String user) {
        return here.byUser(user);
    }

    @Override
    public ClientsEverywhere everywhere(String user) {
        return new Everywhere(true, user);
    }

    @Override
    public ClientsEverywhere everywhereById(String id) {
        return new Everywhere(false, id);
    }

    @Override
    public void end(String user) {
        ending.accept(user);
    }

    private void apply(Order order) {
        List<ConnectedClient> clients =
                order.byUser()
                        ? here.byUser(order.name())
                        : here.byId(order.name()).stream().toList();
        clients.forEach(order::apply);
    }

    /** Orders something. */
    private final class Everywhere implements ClientsEverywhere {
        private final boolean byUser;
        private final String name;

        Everywhere(boolean byUser, String name) {
            this.byUser = byUser;
            this.name = name;
        }

        @Override
        public CompletionStage<Void> subscribe(String channel) {
            return order(Action.SUBSCRIBE, bytes(channel));
        }

        @Override
        public CompletionStage<Void> unsubscribe(String channel) {
            return order(Action.UNSUBSCRIBE, bytes(channel));
        }

        private static byte[] bytes(String channel) {
            return ChannelNames.requireValid(channel).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public CompletionStage<Void> send(Object data) {
            return order(Action.SEND, encoder.apply(data));
        }

        @Override
        public CompletionStage<Void> disconnect(boolean reconnect) {
            return order(reconnect ? Action.RECONNECT : Action.DISCONNECT, new byte[0]);
        }

        private CompletionStage<Void> order(Action action, byte[] more) {
            Order order = new Order(node, action, byUser, name, more);
            CompletionStage<Void> accepted =
                    plugin.atOnce().waitPublished(order.encode(), UserChannels.OF_NOBODY);
            apply(order);
            return accepted;
        }
    }

    /** Does what others order. */
    private final class Orders implements EventSender {

        @Override
        public void send(Delivery delivery, Completion completion) {
            try {
                if (delivery instanceof ChannelEvent event) {
                    carryOut(event);
                } else if (delivery instanceof Refused refused) {
                    Log.warn(
                            ErrorCode.SUBSCRIBE_FAILED,
                            "What other nodes order to be done with clients"
                                    + " (ClientConnections.everywhere) is not heard here",
                            refused.reason());
                }
            } finally {
                completion.sent();
            }
        }

        private void carryOut(ChannelEvent event) {
            Order order = Order.decode(event.data());
            if (order == null) {
                sayOnceThatItIsUnreadable();
            } else if (!order.origin().equals(node)) {
                apply(order);
            }
        }

        private void sayOnceThatItIsUnreadable() {
            if (!saidUnreadable.getAndSet(true)) {
                Log.warn(
                        ErrorCode.UNSUPPORTED_FORMAT,
                        "Another node orders something to be done with clients"
                                + " (ClientConnections.everywhere) in a form that this node does not"
                                + " know: it is not done here. Bring all nodes to one version of"
                                + " the library.",
                        null);
            }
        }
    }
}
