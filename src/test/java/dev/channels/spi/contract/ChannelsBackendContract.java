package dev.channels.spi.contract;

import dev.channels.spi.BackendSettings;
import dev.channels.spi.ChannelRules;
import dev.channels.spi.ChannelsBackend;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * The contract of {@link ChannelsBackend} as tests. Extend it beside the backend, and say how a
 * node is made and what is promised; the rest has a default:
 *
 * <pre>{@code
 * final class MyBackendContractTest extends ChannelsBackendContract {
 *
 *     @Override
 *     protected ChannelsBackend newBackend() {
 *         return new MyBackend(BROKER.address(), "prefix:");
 *     }
 *
 *     @Override
 *     protected Optional<ChannelsBackend> newForeignBackend() {
 *         return Optional.of(new MyBackend(BROKER.address(), "other:"));
 *     }
 *
 *     @Override
 *     protected Promise promise() {
 *         return Promise.atLeastOnce(1_000);
 *     }
 * }
 * }</pre>
 *
 * <p>What a backend does not have (a history, a second node, an outage) is skipped, with the hook
 * that is missing in the message. The suite uses channels with new names in every test, so a broker
 * can serve all tests and be left as it is; nobody else may publish under the same prefix
 * meanwhile. Tests of one class must not run in parallel: they share the outage.
 *
 * <p>It needs JUnit 5, AssertJ and Awaitility, never sleeps, and waits up to 30 seconds for what
 * must happen. That nothing happens cannot be waited for: a test of that kind publishes later
 * events, waits for them, and looks whether the forbidden one came before.
 */
public abstract class ChannelsBackendContract
        implements DeliveryContract,
                SubscriptionContract,
                NameContract,
                PayloadContract,
                LifeContract,
                HistoryContract,
                RetentionContract,
                JoinContract,
                PresenceContract,
                LeaseContract,
                DiscoveryContract,
                NodesContract,
                OutageContract {

    private Nodes nodes;

    /** For subclasses. */
    protected ChannelsBackendContract() {}

    /**
     * Makes one more node: always on the same broker, with the same prefix and the history that
     * {@link #promise()} names. The suite starts and stops it.
     *
     * @return a new backend, not started
     * @throws Exception if that fails; the test fails then
     */
    protected abstract ChannelsBackend newBackend() throws Exception;

    /**
     * Returns what the backend promises beyond the common contract.
     *
     * @return the promise, the same at every call
     */
    protected abstract Promise promise();

    /**
     * Makes a node on the same broker whose prefix is another one: it must never hear the others,
     * nor they it.
     *
     * @return a new backend, not started; empty (the default) to skip the tests that need it
     * @throws Exception if that fails; the test fails then
     */
    protected Optional<ChannelsBackend> newForeignBackend() throws Exception {
        return Optional.empty();
    }

    /**
     * Makes a node as {@link #newBackend()} does, which keeps more or less of the channels of some
     * policies.
     *
     * @param policies how much ({@link dev.channels.spi.BackendContext#policies})
     * @return a new backend, not started; empty (the default) where policies have no say in that,
     *     which skips the tests that need it
     * @throws Exception if that fails; the test fails then
     */
    protected Optional<ChannelsBackend> newBackend(ChannelRules<BackendSettings> policies)
            throws Exception {
        return Optional.empty();
    }

    /**
     * Tells whether two nodes made by {@link #newBackend()} hear each other.
     *
     * @return true by default; false for a broker that lives within one backend, which skips the
     *     tests with several nodes
     */
    protected boolean sharesBroker() {
        return true;
    }

    /**
     * Tells whether the backend keeps who is there.
     *
     * @return false by default, which skips the tests of presence
     */
    protected boolean keepsPresence() {
        return false;
    }

    /**
     * Tells whether every node is told who comes and goes on the others.
     *
     * @return true by default; false where a node may only poll
     */
    protected boolean pushesPresence() {
        return true;
    }

    /**
     * Returns the means to take the broker away and give it back.
     *
     * @return the outage, the same at every call; empty (the default) to skip the tests of outages
     * @throws Exception if that fails; the test fails then
     */
    protected Optional<Outage> outage() throws Exception {
        return Optional.empty();
    }

    @BeforeEach
    final void makeNodes() {
        nodes = new Nodes(this);
    }

    @AfterEach
    final void closeNodes() throws Exception {
        nodes.close();
    }

    /** For the suite's own use. */
    @Override
    public final Nodes nodes() {
        return nodes;
    }
}
