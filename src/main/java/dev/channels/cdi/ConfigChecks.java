package dev.channels.cdi;

import dev.channels.config.ChannelsConfig;
import dev.channels.config.ConnectorConfig;
import dev.channels.config.ConnectorReader;
import dev.channels.config.Keys;
import dev.channels.config.PolicyConfig;
import dev.channels.config.Values;
import dev.channels.internal.publish.Transactions;
import dev.channels.spi.ChannelsBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.eclipse.microprofile.config.Config;

/**
 * Finds what is configured and cannot be, with this backend, on this server, and beside the
 * endpoints of the application.
 */
final class ConfigChecks {

    private ConfigChecks() {}

    /**
     * Doubts that endpoints are meant to send more than is kept.
     *
     * @param most how many events the backend keeps of a channel at the most; empty if it does not
     *     say
     */
    static void doubtHistory(
            ChannelsConfig config, ChannelsBackend backend, OptionalLong most, Values values) {
        int asked = config.wsHandlerSendHistory();
        if (asked == 0) {
            return;
        }
        if (backend.history().isEmpty()) {
            values.doubt(
                    Keys.WS_HANDLER_SEND_HISTORY,
                    "the backend " + config.backend() + " keeps no history, so none is sent",
                    "Have it keep some (channels.memory.history=100, say), choose another backend,"
                            + " or leave this key out.");
        } else if (most.isPresent() && asked > most.getAsLong()) {
            values.doubt(
                    Keys.WS_HANDLER_SEND_HISTORY,
                    "of no channel does the backend "
                            + config.backend()
                            + " keep more than "
                            + most.getAsLong()
                            + " events, so no more are sent",
                    "Have it keep more (channels."
                            + config.backend()
                            + ".history="
                            + asked
                            + "), or ask for fewer; a negative number asks for all.");
        }
    }

    static void requirePresence(ChannelsConfig config, ChannelsBackend backend, Values values) {
        if (backend.presence().isPresent()) {
            return;
        }
        for (PolicyConfig policy : config.security().policies()) {
            if (PartSettings.policy(policy).keepsPresence()) {
                values.problem(
                        "channels.policy."
                                + policy.id()
                                + (policy.joinLeave() ? ".join-leave" : ".presence"),
                        "the backend " + config.backend() + " cannot keep who is there",
                        "Leave this key out, or choose a backend that can (channels.backend).");
            }
        }
    }

    static void doubtCommits(
            ChannelsConfig config, Optional<Transactions> transactions, Values values) {
        if (config.publishAfterCommit() && transactions.isEmpty()) {
            values.doubt(
                    Keys.PUBLISH_IN_TRANSACTION,
                    "this server has no JTA transactions for the application, so events go out at"
                            + " once",
                    "Enable them (Open Liberty has them with enterpriseBeansLite-4.0, say), or"
                            + " leave this key out.");
        }
    }

    /** Returns what is connected with Reactive Messaging. */
    static List<ConnectorConfig> connectors(
            Config source, ChannelsConfig config, ApplicationClasses classes, Values values) {
        List<String> properties = new ArrayList<>();
        source.getPropertyNames().forEach(properties::add);
        List<ConnectorConfig> connectors =
                new ConnectorReader(values, config, classes::load).read(properties);
        if (!connectors.isEmpty() && !OptionalApis.hasMessaging()) {
            ConnectorConfig first = connectors.get(0);
            values.problem(
                    "mp.messaging."
                            + (first.incoming() ? "incoming." : "outgoing.")
                            + first.name()
                            + ".connector",
                    "this server gives the application no MicroProfile Reactive Messaging",
                    "Enable it (on Open Liberty the feature mpReactiveMessaging-3.0, on WildFly the"
                            + " subsystem microprofile-reactive-messaging-smallrye, for applications"
                            + " that use its annotations), or leave this key out.");
        }
        return connectors;
    }

    static void reportConflicts(
            ChannelsConfig config, ForeignEndpoints foreignEndpoints, Values values) {
        if (config.createWsRouteHandlers()) {
            foreignEndpoints.reportConflicts(PartSettings.endpoints(config), values);
        }
        if (config.client().endpoint()) {
            foreignEndpoints.reportConflict(config.client().path(), values);
        }
    }
}
