package dev.channels.cdi;

import dev.channels.cdi.status.ApplicationStatus;
import dev.channels.config.ChannelsConfig;
import dev.channels.config.ConsoleConfig;
import dev.channels.console.ConsoleClients;
import dev.channels.console.ConsoleDoor;
import dev.channels.console.ConsoleSource;
import dev.channels.console.NodeReading;
import dev.channels.endpoint.Doors;
import dev.channels.endpoint.connection.ClientListener;
import dev.channels.endpoint.connection.ClientListeners;
import dev.channels.internal.node.ChannelsNode;
import dev.channels.internal.node.WaitingEvents;
import dev.channels.spi.ChannelHistory;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The console of an application; where it is off, nothing of it is there. */
final class ApplicationConsole {

    private static final String FAMILY = "*";

    private final ConsoleConfig config;
    private final List<String> declared;
    private final @Nullable ConsoleClients clients;

    ApplicationConsole(ChannelsConfig config) {
        this.config = config.console();
        this.declared = config.names().stream().filter(name -> !name.endsWith(FAMILY)).toList();
        this.clients = config.console().enabled() ? new ConsoleClients() : null;
    }

    boolean isOn() {
        return clients != null;
    }

    /** Returns who is told of clients, beside another one; null for nobody. */
    @Nullable ClientListener listener(@Nullable ClientListener other) {
        return ClientListeners.both(clients, other);
    }

    /** Makes what the operators are shown. */
    ConsoleDoor door(Doors doors, ChannelsNode node, ApplicationStatus status) {
        ConsoleClients shown = clients;
        if (shown == null) {
            throw new IllegalStateException("The console is off");
        }
        return new ConsoleDoor(doors, config.roles(), new Source(node, status), shown);
    }

    /** What the console reads. */
    private final class Source implements ConsoleSource {

        private final ChannelsNode node;
        private final ApplicationStatus status;

        Source(ChannelsNode node, ApplicationStatus status) {
            this.node = node;
            this.status = status;
        }

        @Override
        public NodeReading node() {
            WaitingEvents waiting = node.backlog();
            return new NodeReading(
                    status.backend(),
                    status.phase().name().toLowerCase(Locale.ROOT),
                    status.isBrokerUp(),
                    status.connections(),
                    waiting.events(),
                    waiting.bytes(),
                    status.statistics());
        }

        @Override
        public Collection<String> declared() {
            return declared;
        }

        @Override
        public void showChannels(Visitor visitor) {
            node.showChannels(visitor::visit);
        }

        @Override
        public Optional<ChannelHistory> history() {
            return node.history();
        }

        @Override
        public CompletionStage<Boolean> forget(String channel) {
            return node.forget(channel);
        }
    }
}
