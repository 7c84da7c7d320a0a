package dev.channels.cdi;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.config.ChannelsConfig;
import dev.channels.config.Keys;
import dev.channels.config.Values;
import dev.channels.spi.BrokerUnavailableException;
import dev.channels.spi.ChannelOutbox;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.Log;
import dev.channels.transaction.ContainerTransactions;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/** Makes sure at boot that the application's transactions can publish, where they are to. */
final class Joining {

    private static final String KEY = "channels.postgresql.publish-in-transaction";
    private static final String BACKEND = "postgresql";

    private Joining() {}

    /** Reports what cannot be, as far as the configuration shows it. */
    static void check(
            Config source,
            ChannelsConfig config,
            @Nullable ChannelsBackend backend,
            boolean transactions,
            Values values) {
        if (!config.backend().equals(BACKEND)
                && source.getOptionalValue(KEY, String.class).filter("join"::equals).isPresent()) {
            values.problem(
                    KEY,
                    "events join a transaction in PostgreSQL only, and "
                            + Keys.BACKEND
                            + " is "
                            + config.backend(),
                    "Set " + Keys.BACKEND + " to " + BACKEND + ", or leave this key out.");
        }
        if (backend == null || backend.outbox().isEmpty()) {
            return;
        }
        if (!transactions) {
            values.problem(
                    KEY,
                    "this server has no JTA transactions for the application",
                    "Enable them (Open Liberty has them with enterpriseBeansLite-4.0, say), or"
                            + " leave this key out.");
        }
        String moment = Keys.PUBLISH_IN_TRANSACTION.name();
        if (source.getOptionalValue(moment, String.class).filter("at-once"::equals).isPresent()) {
            values.problem(
                    moment,
                    "it contradicts " + KEY + "=join",
                    "Leave one of the two out; atOnce() is for single events that go out whatever"
                            + " becomes of the transaction.");
        }
    }

    /**
     * Tries out whether what is written belongs to a transaction of the server; leaves that to the
     * first publish where it cannot be told now.
     *
     * @throws ChannelsException if it does not
     */
    static void tryOut(ChannelsBackend backend) {
        Optional<ChannelOutbox> outbox = backend.outbox();
        if (outbox.isEmpty()) {
            return;
        }
        boolean tried;
        try {
            tried = ContainerTransactions.tryOut(outbox.get()::verify);
        } catch (BrokerUnavailableException e) {
            Log.detail(ErrorCode.NO_TRANSACTIONS, () -> KEY + " is verified later", e);
            return;
        }
        if (!tried) {
            Log.state(KEY + " is verified at the first publish: there is no UserTransaction here");
        }
    }
}
